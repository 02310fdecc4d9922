import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { LimitSpec } from '../contract/limit-spec.ts';
import { clientNetwork } from './client-network.ts';
import { peekJsonBody } from './json-body.ts';
import type { Caller } from './route-request.ts';

/** What a request is counted by. */
export interface LimitSubjectSource {
  readonly event: APIGatewayProxyEvent;
  readonly caller: Caller | undefined;
  /** `<method> <path>`, such as `GET /api/feed`. */
  readonly routeName: string;
}

type By = LimitSpec['by'];
type Part = (source: LimitSubjectSource) => string;

/** Longer ones end here: whoever sends them is counted together with others that begin alike. */
const BODY_MEMBER_MAX_LENGTH = 254;

const PARTS: Readonly<Record<string, Part>> = {
  user: ({ caller }) => `user:${caller?.sub ?? ''}`,
  // Whoever has no tenant is one of their own.
  tenant: ({ caller }) => (caller?.tenant === undefined ? `user:${caller?.sub ?? ''}` : `tenant:${caller.tenant}`),
  ip: ({ event }) => `ip:${clientNetwork(event.requestContext.identity.sourceIp)}`,
  'api-key': ({ event }) => `api-key:${event.requestContext.identity.apiKeyId ?? ''}`,
  route: ({ routeName }) => `route:${routeName}`,
  global: () => 'global',
};

/**
 * Says whom a limit counts a request for. Several subjects together make one: 10 by user and IP are 10 from each address
 * of each user.
 * @throws RangeError for a subject that is not known.
 */
export function createLimitSubject(by: By): Part {
  const parts = by.map(partOf);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return (source) => parts.map((part) => part(source)).join('\n');
}

function partOf(by: By[number]): Part {
  const known = Object.hasOwn(PARTS, by) ? PARTS[by] : undefined;
  if (known !== undefined) return known;
  const [kind, name = ''] = by.split(/:(.*)/s);
  if (kind === 'claim') return ({ caller }) => claimPart(name, caller);
  if (kind === 'body') return ({ event }) => `body:${name}:${bodyMember(event, name)}`;
  throw new RangeError(
    `a limit cannot count by '${by}'; it counts by ${Object.keys(PARTS).join(', ')}, claim: or body:`,
  );
}

/** Whoever lacks the claim is counted alone: leaving it out must not join a crowd's limit, nor escape it. */
function claimPart(name: string, caller: Caller | undefined): string {
  const claims = caller?.claims ?? {};
  return Object.hasOwn(claims, name) ? `claim:${name}:${claims[name]}` : `user:${caller?.sub ?? ''}`;
}

/** A member of the body as people write addresses: without case, the spaces around it and ways to write an accent. */
function bodyMember(event: APIGatewayProxyEvent, name: string): string {
  const body = peekJsonBody(event);
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return '';
  const member = (body as Readonly<Record<string, unknown>>)[name];
  const text = typeof member === 'string' ? member : (JSON.stringify(member) ?? '');
  return text.trim().normalize('NFC').toLowerCase().slice(0, BODY_MEMBER_MAX_LENGTH);
}

/**
 * Whether the limit's subject lies in one shard, so that it is exact however many shards there are. The shard is that of
 * the caller's tenant, else of the user, else of the network.
 */
export function isWithinShard(by: By, isPublic: boolean): boolean {
  return isPublic ? by.includes('ip') : by.includes('user') || by.includes('tenant');
}
