import type { APIGatewayProxyEvent } from 'aws-lambda';

/** A request header by its lower-case name; API Gateway passes names on as the caller wrote them. */
export function headerOf(event: Pick<APIGatewayProxyEvent, 'headers'>, name: string): string | undefined {
  // A request without any header has `headers: null`, whatever the types say.
  const headers: APIGatewayProxyEvent['headers'] | null = event.headers;
  if (headers === null) return undefined;
  const exact = headers[name];
  if (exact !== undefined) return exact;
  const written = Object.keys(headers).find((key) => key.length === name.length && key.toLowerCase() === name);
  return written === undefined ? undefined : headers[written];
}
