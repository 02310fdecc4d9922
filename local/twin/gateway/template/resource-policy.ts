import { isRecord } from '../model/is-record.ts';
import { type Policy, parsePolicy } from '../model/policy.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';
import type { Properties } from './properties.ts';

/**
 * The resource policy of a REST API; undefined where it has none. Callers of the twin are anonymous, so statements that
 * name principals of an account are about others. `execute-api:/stage/…` is short for the ARN of this API.
 */
export function resourcePolicy(api: Properties, apiArn: string): Policy | undefined {
  const document = api.json('Policy');
  if (document === undefined) return undefined;
  if (!isRecord(document)) return api.fail('Policy', 'a policy document');
  const raw = document.Statement;
  const statements = (Array.isArray(raw) ? raw : [raw]).filter(
    (item) => !isRecord(item) || isForAnyone(item.Principal),
  );
  const policy = parsePolicy({
    Statement: statements.map((item) =>
      isRecord(item)
        ? {
            ...item,
            ...(item.Resource !== undefined && { Resource: expand(item.Resource, apiArn) }),
            ...(item.NotResource !== undefined && { NotResource: expand(item.NotResource, apiArn) }),
          }
        : item,
    ),
  });
  if (typeof policy !== 'string') return policy;
  throw new GatewayTemplateError(api.resource, `Policy cannot be evaluated: ${policy}`);
}

function isForAnyone(principal: unknown): boolean {
  if (principal === '*') return true;
  const aws = isRecord(principal) ? principal.AWS : undefined;
  return aws === '*' || (Array.isArray(aws) && aws.includes('*'));
}

function expand(resource: unknown, apiArn: string): unknown {
  if (Array.isArray(resource)) return resource.map((item) => expand(item, apiArn));
  if (typeof resource !== 'string' || !resource.startsWith('execute-api:')) return resource;
  const rest = resource.slice('execute-api:'.length);
  return `${apiArn}${rest.startsWith('/') ? '' : '/'}${rest}`;
}
