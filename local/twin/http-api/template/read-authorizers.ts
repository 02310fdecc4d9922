import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { AUTHORIZER_TTL_MAX_SECONDS } from '../../gateway/model/authorizer-cache.ts';
import { GatewayTemplateError } from '../../gateway/template/gateway-template-error.ts';
import { Properties } from '../../gateway/template/properties.ts';
import { IssuerKeys } from '../authorizers/issuer-keys.ts';
import { jwtAuthorizer } from '../authorizers/jwt-authorizer.ts';
import { AUTHORIZER_TIMEOUT_MS, lambdaAuthorizer } from '../authorizers/lambda-authorizer.ts';
import type { HttpApiOptions } from '../http-api-options.ts';
import type { HttpAuthorizer } from '../http-route.ts';
import { type ValueSource, valueSource } from '../value-source.ts';
import { functionOf } from './function-uri.ts';
import { readPayloadFormat } from './read-integrations.ts';

/** Authorizers of an HTTP API by what `Ref` of them yields. */
export function readAuthorizers(
  resources: readonly ResolvedResource[],
  options: HttpApiOptions,
): ReadonlyMap<string, HttpAuthorizer> {
  return new Map(resources.map((resource) => [resource.physicalId, readAuthorizer(new Properties(resource), options)]));
}

function readAuthorizer(properties: Properties, options: HttpApiOptions): HttpAuthorizer {
  const type = properties.text('AuthorizerType');
  if (type === 'JWT') return readJwtAuthorizer(properties, options);
  if (type === 'REQUEST') return readLambdaAuthorizer(properties, options);
  throw new GatewayTemplateError(properties.resource, `authorizers are of type REQUEST or JWT, not ${type}`);
}

function readLambdaAuthorizer(properties: Properties, { invoke, nowMs }: HttpApiOptions): HttpAuthorizer {
  const { resource } = properties;
  const target = functionOf(properties, 'AuthorizerUri');
  const ttlSeconds = properties.optionalNumber('AuthorizerResultTtlInSeconds') ?? 0;
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > AUTHORIZER_TTL_MAX_SECONDS) {
    properties.fail('AuthorizerResultTtlInSeconds', `a whole number from 0 to ${AUTHORIZER_TTL_MAX_SECONDS}`);
  }
  const payloadFormat = readPayloadFormat(properties, 'AuthorizerPayloadFormatVersion');
  const simpleResponses = properties.flag('EnableSimpleResponses');
  if (simpleResponses && payloadFormat === '1.0') {
    properties.fail('EnableSimpleResponses', 'false while AuthorizerPayloadFormatVersion is 1.0');
  }
  const identitySources = readSources(properties);
  if (ttlSeconds > 0 && identitySources.length === 0) {
    properties.fail('IdentitySource', 'at least one source while the authorizer caches');
  }
  return lambdaAuthorizer({
    authorizerId: resource.physicalId,
    name: properties.optionalText('Name') ?? resource.logicalId,
    functionArnOf: ({ stage }) => target.on(stage.variables),
    functionArn: target.text,
    roleArn: properties.optionalText('AuthorizerCredentialsArn'),
    identitySources,
    ttlSeconds,
    payloadFormat,
    simpleResponses,
    timeoutMs: AUTHORIZER_TIMEOUT_MS,
    invoke,
    nowMs,
  });
}

function readJwtAuthorizer(properties: Properties, { nowMs, localize = (url) => url }: HttpApiOptions): HttpAuthorizer {
  const configuration = properties.child('JwtConfiguration') ?? properties.fail('JwtConfiguration', 'an object');
  const issuer = configuration.text('Issuer');
  const audience = configuration.texts('Audience');
  const [source] = readSources(properties);
  return jwtAuthorizer({
    name: properties.optionalText('Name') ?? properties.resource.logicalId,
    readToken: source?.read ?? properties.fail('IdentitySource', 'one source, such as $request.header.Authorization'),
    // A local issuer signs with the address it knows itself by, which the twin has rewritten; it may start after this API.
    rulesNow: () => ({ issuers: [issuer, localize(issuer)], audience }),
    keys: new IssuerKeys({ issuer, localize, nowMs }),
    nowMs,
  });
}

function readSources(properties: Properties): { readonly expression: string; readonly read: ValueSource }[] {
  return properties.texts('IdentitySource').map((expression) => {
    if (!/^\$(?:request\.(?:header|querystring)|context|stageVariables)\../.test(expression)) {
      properties.fail(
        'IdentitySource',
        'a list of $request.header.…, $request.querystring.…, $context.… or $stageVariables.…',
      );
    }
    return { expression, read: valueSource(expression) };
  });
}
