import type { Input } from '../aws-call.ts';
import { RawOutput } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { jsonResponse, parseJson } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';

/** One operation's place in a REST service. */
export interface RestRoute {
  readonly operation: string;
  readonly method: string;
  /** `/2015-03-31/functions/{FunctionName}/invocations`; matched at the end of the path, so that a stage may stand before it. */
  readonly path: string;
  /** Member that holds the body as a Buffer, where it is not a JSON object of members. */
  readonly payloadMember?: string;
  /** Header → member. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 200 */
  readonly statusCode?: number;
}

/** REST JSON: the operation is a method and a path; members come from path, query string, headers and body. */
export function restJsonProtocol(routes: readonly RestRoute[]): Protocol {
  const compiled = routes.map((route) => ({ route, pattern: pathPattern(route.path) }));
  const statusOf = new Map(routes.map(({ operation, statusCode = 200 }) => [operation, statusCode]));
  return {
    decode: ({ method, url, headers, body }) => {
      const { pathname, searchParams } = new URL(url, 'http://endpoint');
      for (const { route, pattern } of compiled) {
        const match = route.method === method ? pattern.exec(pathname) : null;
        if (!match) continue;
        const fromPath = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decoded(value)]);
        const fromHeaders = Object.entries(route.headers ?? {}).flatMap(([header, member]) =>
          headers[header] === undefined ? [] : [[member, String(headers[header])]],
        );
        const fromBody: Input = route.payloadMember ? { [route.payloadMember]: body } : parseJson(body);
        const input = { ...fromBody, ...Object.fromEntries([...searchParams, ...fromHeaders, ...fromPath]) };
        return { operation: route.operation, input };
      }
      const known = routes.map(({ operation }) => operation).join(', ');
      throw new AwsError(
        'UnknownOperationException',
        `the twin does not know ${method} ${pathname}; it knows ${known}`,
        {
          statusCode: 404,
        },
      );
    },
    encode: (operation, output) =>
      output instanceof RawOutput ? output : jsonResponse(statusOf.get(operation) ?? 200, output ?? {}),
    encodeError: (error) => {
      const { statusCode, type, message, members } = error;
      const response = jsonResponse(statusCode, { ...members, Message: message, message });
      return { ...response, headers: { ...response.headers, 'x-amzn-errortype': type } };
    },
  };
}
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('SerializationException', `the path has '${part}', which is not percent-encoded UTF-8`);
  }
}

function pathPattern(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => part.replace(/^\{(\w+)\}$/, '(?<$1>[^/]+)'))
    .join('/');
  return new RegExp(`${source}/?$`);
}
