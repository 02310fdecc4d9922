import type { Invoke } from '../../functions/invoke.ts';
import { withinDeadline } from '../../gateway/integrations/within-deadline.ts';
import { AuthorizerCache } from '../../gateway/model/authorizer-cache.ts';
import { evaluatePolicy } from '../../gateway/model/policy.ts';
import { actingPrincipal, executeApiArn } from '../execute-api-arn.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { HttpAuthorizer } from '../http-route.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { ValueSource } from '../value-source.ts';
import { type AuthorizerAnswer, parsePolicyAnswer, parseSimpleAnswer } from './authorizer-answer.ts';
import { authorizerEvent, authorizerEventV1 } from './authorizer-event.ts';

export interface LambdaAuthorizerOptions {
  readonly authorizerId: string;
  readonly name: string;
  readonly functionArnOf: (exchange: HttpExchange) => string;
  /** The function as far as it is known without a stage, for people. */
  readonly functionArn: string;
  /** Role to invoke as, instead of API Gateway's own name. */
  readonly roleArn: string | undefined;
  readonly identitySources: readonly { readonly expression: string; readonly read: ValueSource }[];
  readonly ttlSeconds: number;
  readonly payloadFormat: '1.0' | '2.0';
  readonly simpleResponses: boolean;
  readonly timeoutMs: number;
  readonly invoke: Invoke;
  readonly nowMs: () => number;
}

/** "Quotas for configuring and running an HTTP API": authorizer timeout. */
export const AUTHORIZER_TIMEOUT_MS = 10_000;

/** A REQUEST authorizer with its cache, which is empty where it names no identity source. */
export function lambdaAuthorizer(options: LambdaAuthorizerOptions): HttpAuthorizer {
  const { name, identitySources, payloadFormat, invoke, nowMs, timeoutMs } = options;
  const cache = new AuthorizerCache<AuthorizerAnswer>(options.ttlSeconds);
  const parse = options.simpleResponses ? parseSimpleAnswer : parsePolicyAnswer;
  return { name, type: 'REQUEST', functionArn: options.functionArn, ttlSeconds: options.ttlSeconds, authorize };

  async function authorize(exchange: HttpExchange): Promise<Refusal | undefined> {
    const identity: string[] = [];
    for (const { expression, read } of identitySources) {
      const value = read(exchange);
      if (value === undefined || value === '') return refuse('UNAUTHORIZED', `${expression} is missing`);
      identity.push(value);
    }
    const { api, stage, request } = exchange;
    const path = stage.name === '$default' ? exchange.path : exchange.path.slice(stage.name.length + 1);
    const arn = executeApiArn(api, `${stage.name}/${request.method}${path}`);
    // Values may hold any character, so a joined key has to keep them apart.
    const key = identity.length === 0 ? undefined : JSON.stringify([stage.name, ...identity]);
    let answer = key === undefined ? undefined : cache.get(key, nowMs());
    if (answer === undefined) {
      const asked = await ask(exchange, arn, identity);
      if (asked.kind === 'refusal') return asked;
      answer = asked;
      if (key !== undefined) cache.put(key, answer, nowMs());
    } else exchange.authorizerLatencyMs = 0;
    const principalId = answer.kind === 'policy' ? answer.principalId : undefined;
    exchange.caller = { kind: 'lambda', context: answer.context, principalId };
    return isAllowed(answer, arn) ? undefined : refuse('ACCESS_DENIED', `authorizer ${name} does not allow ${arn}`);
  }

  async function ask(
    exchange: HttpExchange,
    arn: string,
    identity: readonly string[],
  ): Promise<AuthorizerAnswer | Refusal> {
    const startedAtMs = nowMs();
    const event =
      payloadFormat === '2.0' ? authorizerEvent(exchange, arn, identity) : authorizerEventV1(exchange, arn, identity);
    const source = executeApiArn(exchange.api, `authorizers/${options.authorizerId}`);
    const invocation = invoke(options.functionArnOf(exchange), event, actingPrincipal(options.roleArn, source));
    const outcome = await withinDeadline(invocation, timeoutMs);
    exchange.authorizerLatencyMs = nowMs() - startedAtMs;
    if (outcome === undefined) {
      return refuse('AUTHORIZER_FAILURE', `authorizer ${name} did not answer within ${timeoutMs} ms`);
    }
    if (!outcome.ok) {
      if (outcome.kind === 'failed' && outcome.errorMessage === 'Unauthorized') {
        return refuse('UNAUTHORIZED', `authorizer ${name} refused the caller`);
      }
      return refuse(
        'AUTHORIZER_FAILURE',
        `authorizer ${name} ${outcome.kind}: ${outcome.errorType}: ${outcome.errorMessage}`,
      );
    }
    const answer = parse(outcome.payload);
    if (typeof answer !== 'string') return answer;
    return refuse('AUTHORIZER_CONFIGURATION_ERROR', `malformed answer of authorizer ${name}: ${answer}`);
  }
}

function isAllowed(answer: AuthorizerAnswer, arn: string): boolean {
  return answer.kind === 'simple' ? answer.isAuthorized : evaluatePolicy(answer.policy, arn) === 'allow';
}
