import type { Exchange } from '../exchange.ts';
import type { IsBinary } from '../request/media-types.ts';
import { requestContext } from './request-context.ts';

/** API Gateway shows a path without the slashes that repeat at its front. */
export function eventPath(rawPath: string): string {
  return rawPath.startsWith('//') ? `/${rawPath.replace(/^\/+/, '')}` : rawPath;
}

/**
 * The event of a Lambda proxy integration (developer guide, "Input format of a Lambda function for proxy integration").
 * What is empty is null, as API Gateway sends it.
 */
export function lambdaProxyEvent(exchange: Exchange, isBinary: IsBinary): Record<string, unknown> {
  const { request, body, route } = exchange;
  const binary = body.length > 0 && isBinary(request.headers.byLowerName.get('content-type'));
  return {
    resource: route?.path,
    path: eventPath(request.rawPath),
    httpMethod: request.method,
    headers: request.headers.single,
    multiValueHeaders: request.headers.multi,
    queryStringParameters: orNull(request.query?.single),
    multiValueQueryStringParameters: orNull(request.query?.multi),
    pathParameters: exchange.pathParameters ?? null,
    stageVariables: exchange.api.stageVariables,
    requestContext: requestContext(exchange),
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary,
  };
}

function orNull<T>(values: Readonly<Record<string, T>> | undefined): Readonly<Record<string, T>> | null {
  for (const _ in values) return values;
  return null;
}
