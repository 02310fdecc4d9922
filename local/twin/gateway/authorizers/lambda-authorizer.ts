import type { Principal } from '../../aws/principal.ts';
import type { Invoke } from '../../functions/invoke.ts';
import type { ParameterSource } from '../answer/parameter-source.ts';
import { type Refusal, refuse } from '../answer/refusal.ts';
import { conditionValues } from '../condition-values.ts';
import type { Exchange } from '../exchange.ts';
import { INTEGRATION_TIMEOUT_MS, withinDeadline } from '../integrations/within-deadline.ts';
import { methodArn } from '../method-arn.ts';
import { AuthorizerCache } from '../model/authorizer-cache.ts';
import { evaluatePolicy } from '../model/policy.ts';
import type { Authorizer } from '../route.ts';
import { requestAuthorizerEvent, tokenAuthorizerEvent } from './authorizer-event.ts';
import { type AuthorizerOutput, parseAuthorizerOutput } from './authorizer-output.ts';

export interface LambdaAuthorizerOptions {
  readonly name: string;
  readonly type: 'TOKEN' | 'REQUEST';
  readonly functionArn: string;
  /** What says who calls: all of them together are the key of the cache. */
  readonly identitySources: readonly { readonly expression: string; readonly read: ParameterSource }[];
  /** TOKEN only: a token that does not begin with a match is turned away without an invocation. */
  readonly validation: RegExp | undefined;
  readonly ttlSeconds: number;
  readonly invoke: Invoke;
  /** Who the function is called by. */
  readonly caller: Principal;
  readonly nowMs: () => number;
}

/** The message that turns a failed authorizer into a 401; any other is a 500. */
const UNAUTHORIZED = 'Unauthorized';

/**
 * "For an authorization-enabled method ARN, the maximum length is 1600 bytes. The path parameter values […] can cause the
 * ARN length to exceed the limit. When this happens, the API client will receive a 414 Request URI too long response."
 */
const ARN_MAX_BYTES = 1_600;

/** A Lambda authorizer with its cache. */
export function lambdaAuthorizer(options: LambdaAuthorizerOptions): Authorizer {
  const { name, type, functionArn, identitySources, validation, ttlSeconds, invoke, caller, nowMs } = options;
  const cache = new AuthorizerCache<AuthorizerOutput>(ttlSeconds);
  return { name, type, functionArn, ttlSeconds, authorize };

  function authorize(exchange: Exchange): Refusal | undefined | Promise<Refusal | undefined> {
    const [first] = identitySources;
    const token = first?.read(exchange);
    if (first !== undefined && (token === undefined || token === '')) return missing(first.expression);
    let key = token;
    if (identitySources.length > 1) {
      const identity: string[] = [];
      for (const { expression, read } of identitySources) {
        const value = read(exchange);
        if (value === undefined || value === '') return missing(expression);
        identity.push(value);
      }
      // Values may hold any character, so a joined key has to keep them apart.
      key = JSON.stringify(identity);
    }
    if (validation !== undefined && !validation.test(token ?? '')) {
      return refuse('UNAUTHORIZED', `the token does not match ${validation.source}`);
    }
    const arn = methodArn(exchange);
    // A path is sent in ASCII, so characters are bytes.
    if (arn.length > ARN_MAX_BYTES) {
      return refuse('DEFAULT_4XX', `the ARN of the method has ${arn.length} bytes, more than 1,600`, {
        status: 414,
        message: 'Request URI too long',
      });
    }
    // Without sources nothing tells callers apart, so nothing is kept.
    const kept = key === undefined ? undefined : cache.get(key, nowMs());
    if (kept === undefined) return askAndDecide(exchange, token, key, arn);
    exchange.authorizerLatencyMs = 0;
    exchange.authorizerStatus = 200;
    return decide(kept, exchange, arn);
  }

  async function askAndDecide(
    exchange: Exchange,
    token: string | undefined,
    key: string | undefined,
    arn: string,
  ): Promise<Refusal | undefined> {
    const output = await ask(exchange, type === 'TOKEN' ? tokenAuthorizerEvent(token ?? '', arn) : undefined, arn);
    if ('kind' in output) return output;
    if (key !== undefined) cache.put(key, output, nowMs());
    return decide(output, exchange, arn);
  }

  async function ask(
    exchange: Exchange,
    tokenEvent: Record<string, unknown> | undefined,
    arn: string,
  ): Promise<AuthorizerOutput | Refusal> {
    const startedAtMs = nowMs();
    const event = tokenEvent ?? requestAuthorizerEvent(exchange, arn);
    const outcome = await withinDeadline(invoke(functionArn, event, caller), INTEGRATION_TIMEOUT_MS);
    exchange.authorizerLatencyMs = nowMs() - startedAtMs;
    exchange.authorizerStatus = 500;
    if (outcome === undefined) return refuse('AUTHORIZER_FAILURE', `authorizer ${name} did not answer within 29 s`);
    if (!outcome.ok) {
      if (outcome.kind === 'failed' && outcome.errorMessage === UNAUTHORIZED) {
        exchange.authorizerStatus = 401;
        return refuse('UNAUTHORIZED', `authorizer ${name} refused the token`);
      }
      const reached = outcome.kind === 'failed' || outcome.kind === 'timed-out';
      return refuse(
        reached ? 'AUTHORIZER_FAILURE' : 'AUTHORIZER_CONFIGURATION_ERROR',
        `authorizer ${name} ${outcome.kind}: ${outcome.errorType}: ${outcome.errorMessage}`,
      );
    }
    const output = parseAuthorizerOutput(outcome.payload);
    if (typeof output === 'string') {
      return refuse('AUTHORIZER_CONFIGURATION_ERROR', `malformed output of authorizer ${name}: ${output}`);
    }
    exchange.authorizerStatus = 200;
    return output;
  }

  function decide(output: AuthorizerOutput, exchange: Exchange, arn: string): Refusal | undefined {
    exchange.authorization = output.authorization;
    const decision = evaluatePolicy(output.policy, arn, conditionValues(exchange, nowMs()));
    if (decision === 'allow') return undefined;
    if (decision === 'implicit-deny') {
      if (exchange.resourcePolicyAllows) return undefined;
      return refuse('ACCESS_DENIED', `the policy of authorizer ${name} does not allow ${arn}`);
    }
    return refuse('ACCESS_DENIED', `the policy of authorizer ${name} denies ${arn}`, {
      message: 'User is not authorized to access this resource with an explicit deny in an identity-based policy',
    });
  }
}

function missing(expression: string): Refusal {
  return refuse('UNAUTHORIZED', `${expression} is missing`);
}
