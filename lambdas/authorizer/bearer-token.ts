import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { TokenRejected } from './token-rejected.ts';

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/** The token of the one `Authorization` header. Two of them are refused: others in the path may have read the other. */
export function bearerToken(event: Pick<APIGatewayRequestAuthorizerEvent, 'headers' | 'multiValueHeaders'>): string {
  const values = Object.entries(event.multiValueHeaders ?? {}).flatMap(([name, value]) =>
    isAuthorization(name) ? value : [],
  );
  const single = Object.entries(event.headers ?? {}).flatMap(([name, value]) => (isAuthorization(name) ? value : []));
  const [header, another] = values.length > 0 ? values : single;
  if (header === undefined) throw new TokenRejected('the Authorization header is missing');
  if (another !== undefined) throw new TokenRejected('there is more than one Authorization header');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new TokenRejected('the Authorization header does not hold a bearer token');
  return token;
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}
