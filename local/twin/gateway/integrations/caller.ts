import type { Principal } from '../../aws/principal.ts';
import type { Exchange } from '../exchange.ts';
import { partitionOf } from '../method-arn.ts';
import type { Properties } from '../template/properties.ts';

/** Who an integration calls as. */
export type CallerOf = (exchange: Exchange) => Principal;

/** The session in which API Gateway assumes the role of an integration, as CloudTrail and denials show it. */
const SESSION_NAME = 'BackplaneAssumeRoleSession';
const SERVICE = 'apigateway.amazonaws.com';

/** What is called, seen from IAM: a method of a stage. */
export interface MethodIdentity {
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly method: string;
  readonly path: string;
}

/**
 * The role of `Credentials`, or API Gateway in its own name for the method: `aws:SourceArn` then is the ARN of the
 * resource's path, parameters in braces, with the caller's HTTP method where the method is ANY.
 */
export function callerOf(integration: Properties, identity: MethodIdentity): CallerOf {
  const role = rolePrincipal(integration, 'Credentials');
  if (role !== undefined) return () => role;
  const { region, accountId, apiId, stageName, method, path } = identity;
  const api = `arn:${partitionOf(region)}:execute-api:${region}:${accountId}:${apiId}/${stageName}`;
  const principal = (verb: string): Principal => ({
    kind: 'service',
    service: SERVICE,
    sourceArn: `${api}/${verb}${path}`,
  });
  if (method === 'ANY') return ({ request }) => principal(request.method);
  const fixed = principal(method);
  return () => fixed;
}

/** An authorizer's function is called with the role of `AuthorizerCredentials`, or for the authorizer itself. */
export function authorizerCaller(
  authorizer: Properties,
  { region, accountId, apiId }: Pick<MethodIdentity, 'region' | 'accountId' | 'apiId'>,
): Principal {
  const sourceArn = `arn:${partitionOf(region)}:execute-api:${region}:${accountId}:${apiId}/authorizers/${authorizer.resource.physicalId}`;
  return rolePrincipal(authorizer, 'AuthorizerCredentials') ?? { kind: 'service', service: SERVICE, sourceArn };
}

function rolePrincipal(properties: Properties, name: string): Principal | undefined {
  const roleArn = properties.optionalText(name);
  if (roleArn === undefined) return undefined;
  if (!/^arn:[\w-]+:iam::\d*:role\/./.test(roleArn)) {
    properties.fail(name, 'the ARN of a role, since the twin has no caller whose credentials could be passed on');
  }
  return { kind: 'role', roleArn, sessionName: SESSION_NAME, assumedBy: SERVICE };
}
