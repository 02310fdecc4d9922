import type { Invoke } from '../functions/invoke.ts';
import { withinDeadline } from '../gateway/integrations/within-deadline.ts';
import { evaluatePolicy } from '../gateway/model/policy.ts';
import type { Properties } from '../gateway/template/properties.ts';
import { parsePolicyAnswer } from '../http-api/authorizers/authorizer-answer.ts';
import { actingPrincipal, executeApiArn } from '../http-api/execute-api-arn.ts';
import { type Refusal, refuse } from '../http-api/refusal.ts';
import { functionOf } from '../http-api/template/function-uri.ts';
import { webSocketVariable } from './context-variables.ts';
import { connectAuthorizerEvent, routeArn } from './websocket-event.ts';
import type { WebSocketExchange } from './websocket-exchange.ts';
import type { ConnectAuthorizer } from './websocket-route.ts';

type ReadIdentity = (exchange: WebSocketExchange) => string | undefined;

const AUTHORIZER_TIMEOUT_MS = 10_000;
const SOURCE = /^(?:route\.request\.(header|querystring)|(context|stageVariables))\.(.+)$/;

/**
 * The REQUEST authorizer of $connect (developer guide, "Control access to WebSocket APIs with Lambda REQUEST authorizers"):
 * it answers with an IAM policy, and its answers are not cached.
 */
export function connectAuthorizer(properties: Properties, invoke: Invoke, nowMs: () => number): ConnectAuthorizer {
  const { resource } = properties;
  if (properties.text('AuthorizerType') !== 'REQUEST')
    properties.fail('AuthorizerType', 'REQUEST, for a WebSocket API');
  const name = properties.optionalText('Name') ?? resource.logicalId;
  const target = functionOf(properties, 'AuthorizerUri');
  const roleArn = properties.optionalText('AuthorizerCredentialsArn');
  const sources = properties.texts('IdentitySource').map((expression) => ({
    expression,
    read: identitySource(expression) ?? properties.fail('IdentitySource', 'a list of route.request.header.… and such'),
  }));
  return { name, functionArn: target.text, authorize };

  async function authorize(exchange: WebSocketExchange): Promise<Refusal | undefined> {
    const { connection } = exchange;
    for (const { expression, read } of sources) {
      if (!read(exchange)) return refuse('UNAUTHORIZED', `${expression} is missing`);
    }
    const startedAtMs = nowMs();
    const source = executeApiArn(connection.api, `authorizers/${resource.physicalId}`);
    const invocation = invoke(
      target.on(connection.stage.variables),
      connectAuthorizerEvent(exchange),
      actingPrincipal(roleArn, source),
    );
    const outcome = await withinDeadline(invocation, AUTHORIZER_TIMEOUT_MS);
    const latencyMs = nowMs() - startedAtMs;
    exchange.authorizerLatencyMs = latencyMs;
    if (outcome === undefined) return refuse('AUTHORIZER_FAILURE', `authorizer ${name} did not answer within 10 s`);
    if (!outcome.ok) {
      if (outcome.errorMessage === 'Unauthorized')
        return refuse('UNAUTHORIZED', `authorizer ${name} refused the caller`);
      return refuse(
        'AUTHORIZER_FAILURE',
        `authorizer ${name} ${outcome.kind}: ${outcome.errorType}: ${outcome.errorMessage}`,
      );
    }
    const answer = parsePolicyAnswer(outcome.payload);
    if (typeof answer === 'string' || answer.kind !== 'policy') {
      return refuse('AUTHORIZER_CONFIGURATION_ERROR', `malformed answer of authorizer ${name}: ${String(answer)}`);
    }
    const context = Object.entries(answer.context ?? {}).map(([key, value]) => [key, String(value)]);
    connection.authorizer = {
      ...Object.fromEntries(context),
      principalId: answer.principalId,
      integrationLatency: Math.round(latencyMs),
    };
    const arn = routeArn(exchange);
    if (evaluatePolicy(answer.policy, arn) === 'allow') return undefined;
    return refuse('ACCESS_DENIED', `the policy of authorizer ${name} does not allow ${arn}`);
  }
}

function identitySource(expression: string): ReadIdentity | undefined {
  const [, place, other, name = ''] = SOURCE.exec(expression) ?? [];
  if (place === 'header') {
    const lower = name.toLowerCase();
    return ({ connection }) => connection.headers.byLowerName.get(lower);
  }
  if (place === 'querystring') return ({ connection }) => connection.query.single[name];
  if (other === 'stageVariables') return ({ connection }) => connection.stage.variables?.[name];
  if (other !== 'context') return undefined;
  const read = webSocketVariable(name);
  return (exchange) => {
    const value = read(exchange);
    return value === undefined ? undefined : String(value);
  };
}
