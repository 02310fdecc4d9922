import type { APIGatewayProxyEvent } from 'aws-lambda';

type Placed = Pick<APIGatewayProxyEvent, 'resource' | 'pathParameters'> & {
  readonly requestContext: Pick<APIGatewayProxyEvent['requestContext'], 'path'>;
};

/**
 * What stands before the API's own paths in its URL: the stage (`/dev`), or the base path of a custom domain, or nothing.
 * Counted from the end, since both paths of an event begin with whatever the caller's URL had.
 */
export function apiBasePath({ resource, pathParameters, requestContext }: Placed): string {
  const own = partsOf(resource).reduce((count, part) => count + partsIn(part, pathParameters), 0);
  const parts = partsOf(requestContext.path);
  return parts
    .slice(0, Math.max(0, parts.length - own))
    .map((part) => `/${part}`)
    .join('');
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

/** A greedy parameter (`{rest+}`) stands for as many parts as its value has. */
function partsIn(part: string, pathParameters: Placed['pathParameters']): number {
  if (!part.endsWith('+}')) return 1;
  return partsOf(pathParameters?.[part.slice(1, -2)] ?? '').length;
}
