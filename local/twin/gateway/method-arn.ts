import type { Exchange } from './exchange.ts';

/**
 * ARN of the method that a request calls, as authorizers get it and their policies name it. The path is the one that was
 * sent, parameters and encoding included, without slashes at its ends.
 */
export function methodArn({ api, request }: Exchange): string {
  const { rawPath } = request;
  let start = 0;
  let end = rawPath.length;
  while (start < end && rawPath[start] === '/') start += 1;
  while (end > start && rawPath[end - 1] === '/') end -= 1;
  return `${api.stageArn}/${request.method}/${rawPath.slice(start, end)}`;
}

/** The partition of a Region, as ARNs begin with it. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
