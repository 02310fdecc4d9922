import { type Refusal, refuse } from './answer/refusal.ts';
import { conditionValues } from './condition-values.ts';
import type { Exchange } from './exchange.ts';
import { methodArn } from './method-arn.ts';
import { evaluatePolicy, type Policy } from './model/policy.ts';

/**
 * Asks the API's resource policy (developer guide, "How API Gateway resource policies affect authorization workflow"). An
 * explicit deny ends the request before any authorizer. Without an authorizer the policy has to allow the call; with one
 * in the same account, either of the two is enough.
 */
export function checkResourcePolicy(
  policy: Policy,
  exchange: Exchange,
  hasAuthorizer: boolean,
  nowMs: number,
): Refusal | undefined {
  const arn = methodArn(exchange);
  const decision = evaluatePolicy(policy, arn, conditionValues(exchange, nowMs));
  exchange.resourcePolicyAllows = decision === 'allow';
  if (decision === 'allow' || (decision === 'implicit-deny' && hasAuthorizer)) return undefined;
  const explicit = decision === 'explicit-deny';
  const { accountId } = exchange.api;
  // AWS shows the last four digits of the account alone.
  const shown = arn.replace(`:${accountId}:`, `:********${accountId.slice(-4)}:`);
  const message = `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${shown}`;
  return refuse('ACCESS_DENIED', `the resource policy ${explicit ? 'denies' : 'does not allow'} ${arn}`, {
    message: explicit ? `${message} with an explicit deny` : message,
  });
}
