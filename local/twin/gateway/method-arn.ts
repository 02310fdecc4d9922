import type { Exchange } from './exchange.ts';

/**
 * ARN of the method that a request calls, as authorizers get it and their policies name it. The path is the one that was
 * sent, parameters and encoding included, without slashes at its ends.
 */
export function methodArn({ api, request }: Exchange): string {
  const partition = api.region.startsWith('cn-') ? 'aws-cn' : api.region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const path = request.rawPath.replace(/^\/+|\/+$/g, '');
  return `arn:${partition}:execute-api:${api.region}:${api.accountId}:${api.apiId}/${api.stageName}/${request.method}/${path}`;
}
