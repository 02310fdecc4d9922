import type { Principal } from '../aws/principal.ts';
import type { HttpApiFacts } from './http-exchange.ts';

/** `arn:aws:execute-api:<region>:<account>:<apiId>/<rest>` */
export function executeApiArn({ region, accountId, apiId }: HttpApiFacts, rest: string): string {
  return `arn:aws:execute-api:${region}:${accountId}:${apiId}/${rest}`;
}

/** API Gateway in its own name: what a function's resource policy allows. */
function gatewayPrincipal(sourceArn: string): Principal {
  return { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn };
}

/** Who API Gateway acts as: the role of the integration or authorizer, or itself. */
export function actingPrincipal(roleArn: string | undefined, sourceArn: string): Principal {
  return roleArn === undefined
    ? gatewayPrincipal(sourceArn)
    : {
        kind: 'role',
        roleArn,
        sessionName: 'BackplaneAssumeRoleSession',
        assumedBy: 'apigateway.amazonaws.com',
        sourceArn,
      };
}
