import { identifier } from './physical-name.ts';
import type { ResolvedResource } from './resolved-resource.ts';

/** What a resource's endpoint in AWS is made of. */
export interface EndpointOwner {
  readonly stackName: string;
  readonly logicalId: string;
  readonly region: string;
  /** Physical name. */
  readonly name: string;
}

/** ElastiCache Serverless listens here for primaries; readers have the next port, which one local server cannot tell apart. */
export const CACHE_PORT = 6379;

export function cacheHost({ stackName, logicalId, region, name }: EndpointOwner): string {
  return `${name}-${identifier(stackName, logicalId, 6)}.serverless.${region}.cache.amazonaws.com`;
}

export function queueBaseUrl(region: string): string {
  return `https://sqs.${region}.amazonaws.com`;
}

export function restApiBaseUrl(apiId: string, region: string): string {
  return `https://${apiId}.execute-api.${region}.amazonaws.com`;
}

/** A stage of a REST API with the resources that serve it; keys and plans name no API, so each stage has them. */
export interface RestApiResources {
  readonly api: ResolvedResource;
  readonly stage: ResolvedResource;
  /** The API, this stage of it, and all that belongs to the API or to every API. */
  readonly own: readonly ResolvedResource[];
}

/** The stages of the REST APIs among `resources`, each of which is served apart; an API without a stage is not reachable. */
export function restApis(resources: readonly ResolvedResource[]): RestApiResources[] {
  const ofApis = resources.filter(({ type }) => type.startsWith('AWS::ApiGateway::'));
  return ofApis.filter(isApi).flatMap((api) => {
    const parts = ofApis.filter((resource) => {
      if (isApi(resource)) return resource === api;
      return (resource.properties.RestApiId ?? api.physicalId) === api.physicalId;
    });
    return parts.filter(isStage).map((stage) => ({
      api,
      stage,
      own: parts.filter((resource) => resource === stage || !isStage(resource)),
    }));
  });
}

function isApi({ type }: ResolvedResource): boolean {
  return type === 'AWS::ApiGateway::RestApi';
}

function isStage({ type }: ResolvedResource): boolean {
  return type === 'AWS::ApiGateway::Stage';
}
