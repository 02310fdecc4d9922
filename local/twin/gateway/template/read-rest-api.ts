import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { CallAws } from '../../aws/dispatcher.ts';
import type { Invoke, InvokeAsync } from '../../functions/invoke.ts';
import { TwinError } from '../../twin-error.ts';
import { compileTemplate, type Render } from '../answer/context-template.ts';
import { type AnswerRefusal, gatewayResponses } from '../answer/gateway-responses.ts';
import { createAuthorizers } from '../authorizers/create-authorizers.ts';
import type { ApiFacts } from '../exchange.ts';
import { partitionOf } from '../method-arn.ts';
import type { Policy } from '../model/policy.ts';
import { buildRouteTree, type RouteTree } from '../model/route-tree.ts';
import type { ThrottleLimit } from '../model/token-bucket.ts';
import type { LiveKeys } from '../plans.ts';
import { binaryMediaTypes } from '../request/media-types.ts';
import type { Route } from '../route.ts';
import { compileModels } from '../validation/models.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';
import { stageThrottles } from './method-settings.ts';
import { Properties } from './properties.ts';
import { readRoutes } from './read-routes.ts';
import { resourcePaths } from './resource-paths.ts';
import { resourcePolicy } from './resource-policy.ts';
import { type UsagePlans, usagePlans } from './usage-plans.ts';

export interface ReadOptions {
  readonly invoke: Invoke;
  readonly invokeAsync: InvokeAsync | undefined;
  readonly callAws: CallAws | undefined;
  readonly nowMs: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly apiKeys?: LiveKeys | undefined;
  readonly accountThrottle: ThrottleLimit;
}

/** A REST API as the gateway serves it: everything that can be worked out before the first request. */
export interface RestApi {
  readonly name: string;
  readonly facts: ApiFacts;
  /** Whether the API key comes from the authorizer's `usageIdentifierKey`, or from the header `x-api-key`. */
  readonly apiKeySource: 'AUTHORIZER' | 'HEADER';
  readonly routes: readonly Route[];
  readonly routeTree: RouteTree<Route>;
  readonly usage: UsagePlans;
  /** Who may call at all; undefined where the API has no resource policy. */
  readonly policy: Policy | undefined;
  readonly answerRefusal: AnswerRefusal;
  /** Renders a line of the access log; undefined where the stage has none. */
  readonly accessLog: Render | undefined;
}

/**
 * Reads the AWS::ApiGateway resources of one REST API. Others may stand among them.
 * @throws TwinError for what the gateway cannot serve, in a sentence that names the resource
 */
export function readRestApi(resources: readonly ResolvedResource[], options: ReadOptions): RestApi {
  const ofType = (name: string) => resources.filter(({ type }) => type === `AWS::ApiGateway::${name}`);
  const api = new Properties(only(ofType('RestApi'), 'REST API'));
  const stage = new Properties(only(ofType('Stage'), 'stage'));
  const apiId = api.resource.physicalId;
  const stageName = stage.text('StageName');
  const variables = stage.textMap('Variables');
  const stageVariables = variables.size === 0 ? null : Object.fromEntries(variables);
  const { invoke, invokeAsync, callAws, nowMs, region, accountId } = options;
  const identity = { region, accountId, apiId, stageName };
  const apiArn = `arn:${partitionOf(region)}:execute-api:${region}:${accountId}:${apiId}`;
  const routes = readRoutes(ofType('Method'), {
    invoke,
    invokeAsync,
    callAws,
    nowMs,
    identity,
    stageVariables,
    isBinary: binaryMediaTypes(api.texts('BinaryMediaTypes')),
    paths: resourcePaths(ofType('Resource')),
    authorizers: createAuthorizers(ofType('Authorizer'), { invoke, nowMs, stageVariables, identity }),
    validators: new Map(ofType('RequestValidator').map((item) => [item.physicalId, new Properties(item)])),
    models: compileModels(ofType('Model'), apiId),
    throttleOf: stageThrottles(stage, options.accountThrottle),
  });
  return {
    name: api.optionalText('Name') ?? api.resource.logicalId,
    facts: {
      apiId,
      stageName,
      deploymentId: stage.optionalText('DeploymentId') ?? '',
      accountId,
      region,
      stageKey: `${apiId}/${stageName}`,
      stageArn: `${apiArn}/${stageName}`,
      stageVariables,
    },
    apiKeySource: keySource(api),
    routes,
    routeTree: routeTree(api, routes),
    usage: usagePlans(
      { plans: ofType('UsagePlan'), planKeys: ofType('UsagePlanKey'), keys: ofType('ApiKey') },
      { apiId, stageName },
      new Set(routes.map(({ key }) => key)),
      options.apiKeys,
    ),
    policy: resourcePolicy(api, apiArn),
    answerRefusal: gatewayResponses(ofType('GatewayResponse')),
    accessLog: accessLog(stage),
  };
}

function only(resources: readonly ResolvedResource[], what: string): ResolvedResource {
  const [first, second] = resources;
  if (first === undefined)
    throw new TwinError('unsupported-gateway', `the stack has no ${what} for the gateway to serve`);
  if (second === undefined) return first;
  throw new GatewayTemplateError(second, `the gateway serves one ${what}, and ${first.logicalId} is one already`);
}

function routeTree(api: Properties, routes: readonly Route[]): RouteTree<Route> {
  try {
    return buildRouteTree(routes.map((route) => ({ method: route.method, path: route.path, route })));
  } catch (error) {
    throw new GatewayTemplateError(api.resource, error instanceof Error ? error.message : String(error), error);
  }
}

function keySource(api: Properties): 'AUTHORIZER' | 'HEADER' {
  const source = api.optionalText('ApiKeySourceType') ?? 'HEADER';
  return source === 'AUTHORIZER' || source === 'HEADER' ? source : api.fail('ApiKeySourceType', 'HEADER or AUTHORIZER');
}

function accessLog(stage: Properties): Render | undefined {
  const format = stage.child('AccessLogSetting')?.optionalText('Format');
  return format === undefined
    ? undefined
    : compileTemplate(format, { missing: '-', json: format.trimStart().startsWith('{') });
}
