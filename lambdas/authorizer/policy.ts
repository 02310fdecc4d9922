import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import type { ScopeRoutes } from '../contract/scope-routes.ts';

/**
 * The policy that opens every route of the given scopes, or denies everything if there is none. API Gateway caches it
 * and evaluates it for each further method, so it must not be narrowed to the one that is being called.
 */
export function buildPolicy(
  methodArn: string,
  scopes: readonly string[],
  scopeRoutes: ScopeRoutes,
): APIGatewayAuthorizerResult['policyDocument'] {
  const patterns = new Set(
    scopes.flatMap((scope) => (Object.hasOwn(scopeRoutes, scope) ? (scopeRoutes[scope] ?? []) : [])),
  );
  const stageArn = readStageArn(methodArn);
  const allowed = patterns.size > 0;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: allowed ? 'Allow' : 'Deny',
        Action: 'execute-api:Invoke',
        Resource: allowed ? [...patterns].map((pattern) => `${stageArn}/${pattern}`) : [`${stageArn}/*`],
      },
    ],
  };
}

/** `arn:…:<api id>/<stage>/GET/api/feed` → `arn:…:<api id>/<stage>`. */
function readStageArn(methodArn: string): string {
  const stageArn = /^arn:[^/]+\/[^/]+(?=\/)/.exec(methodArn)?.[0];
  if (stageArn === undefined)
    throw new RangeError(`the method ARN must name API, stage and method, got '${methodArn}'`);
  return stageArn;
}
