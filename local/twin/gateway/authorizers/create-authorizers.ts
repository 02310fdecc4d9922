import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { Invoke } from '../../functions/invoke.ts';
import { parameterSource } from '../answer/parameter-source.ts';
import { authorizerCaller, type MethodIdentity } from '../integrations/caller.ts';
import { functionArnOf } from '../integrations/function-arn.ts';
import { AUTHORIZER_TTL_DEFAULT_SECONDS, AUTHORIZER_TTL_MAX_SECONDS } from '../model/authorizer-cache.ts';
import type { Authorizer } from '../route.ts';
import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import { Properties } from '../template/properties.ts';
import { lambdaAuthorizer } from './lambda-authorizer.ts';

export interface AuthorizerOptions {
  readonly invoke: Invoke;
  readonly nowMs: () => number;
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly identity: Pick<MethodIdentity, 'region' | 'accountId' | 'apiId'>;
}

/** Authorizers by what `Ref` of them yields. */
export function createAuthorizers(
  resources: readonly ResolvedResource[],
  options: AuthorizerOptions,
): ReadonlyMap<string, Authorizer> {
  return new Map(
    resources.map((resource) => [resource.physicalId, createAuthorizer(new Properties(resource), options)]),
  );
}

function createAuthorizer(properties: Properties, options: AuthorizerOptions): Authorizer {
  const { invoke, nowMs, stageVariables, identity } = options;
  const { resource } = properties;
  const type = properties.text('Type');
  if (type !== 'TOKEN' && type !== 'REQUEST') {
    throw new GatewayTemplateError(resource, `the twin runs authorizers of type TOKEN and REQUEST, not ${type}`);
  }
  const ttlSeconds = properties.optionalNumber('AuthorizerResultTtlInSeconds') ?? AUTHORIZER_TTL_DEFAULT_SECONDS;
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > AUTHORIZER_TTL_MAX_SECONDS) {
    properties.fail('AuthorizerResultTtlInSeconds', `a whole number from 0 to ${AUTHORIZER_TTL_MAX_SECONDS}`);
  }
  return lambdaAuthorizer({
    name: properties.optionalText('Name') ?? resource.logicalId,
    type,
    functionArn: functionArnOf(properties, 'AuthorizerUri', stageVariables),
    identitySources: identitySources(properties, type, ttlSeconds),
    validation: type === 'TOKEN' ? validation(properties) : undefined,
    ttlSeconds,
    invoke,
    caller: authorizerCaller(properties, identity),
    nowMs,
  });
}

function identitySources(properties: Properties, type: 'TOKEN' | 'REQUEST', ttlSeconds: number) {
  const text = properties.optionalText('IdentitySource') ?? '';
  const expressions = text.split(',').map((part) => part.trim());
  const sources = expressions
    .filter((expression) => expression !== '')
    .map((expression) => {
      const read = expression.startsWith("'") ? undefined : parameterSource(expression);
      return {
        expression,
        read: read ?? properties.fail('IdentitySource', 'request parameters, context or stage variables'),
      };
    });
  if (type === 'TOKEN' && sources.length !== 1) properties.fail('IdentitySource', 'one header, for a TOKEN authorizer');
  if (type === 'REQUEST' && ttlSeconds > 0 && sources.length === 0) {
    properties.fail('IdentitySource', 'at least one source while the authorizer caches');
  }
  return sources;
}

function validation(properties: Properties): RegExp | undefined {
  const text = properties.optionalText('IdentityValidationExpression');
  if (text === undefined || text === '') return undefined;
  try {
    return new RegExp(`^(?:${text})`);
  } catch {
    return properties.fail('IdentityValidationExpression', 'a regular expression');
  }
}
