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

/** A REST API and the resources that belong to it; keys and plans name no API, so each API has them. */
export interface RestApiResources {
  readonly api: ResolvedResource;
  readonly own: readonly ResolvedResource[];
}

export function restApis(resources: readonly ResolvedResource[]): RestApiResources[] {
  const isApi = ({ type }: ResolvedResource): boolean => type === 'AWS::ApiGateway::RestApi';
  return resources.filter(isApi).map((api) => {
    const own = resources.filter((resource) => {
      if (isApi(resource)) return resource === api;
      const apiId = resource.properties.RestApiId ?? api.physicalId;
      return resource.type.startsWith('AWS::ApiGateway::') && apiId === api.physicalId;
    });
    return { api, own };
  });
}
