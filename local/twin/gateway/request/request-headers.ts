/** Headers that concern one connection, or that API Gateway writes anew; the integration never sees the caller's. */
const DROPPED = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Names that API Gateway spells its own way; all others keep the caller's spelling. */
const SPELLING = new Map(
  [
    'Authorization',
    'Host',
    'User-Agent',
    'X-Amzn-Trace-Id',
    'X-Forwarded-For',
    'X-Forwarded-Port',
    'X-Forwarded-Proto',
  ].map((name) => [name.toLowerCase(), name]),
);

/** The caller's headers, as an integration and an authorizer see them. */
export interface RequestHeaders {
  /** The last value of each. */
  readonly single: Record<string, string>;
  readonly multi: Record<string, string[]>;
  /** The last value by name in lower case, the dropped headers included. */
  readonly byLowerName: ReadonlyMap<string, string>;
  /** Characters of all values together. */
  readonly valueLength: number;
}

/** What the gateway adds to the caller's headers. */
export interface Forwarding {
  readonly sourceIp: string;
  readonly port: number;
  readonly traceId: string;
}

/** Reads Node's flat list of names and values. The maps have no prototype: names come from the caller. */
export function readRequestHeaders(rawHeaders: readonly string[], forwarding: Forwarding): RequestHeaders {
  const single: Record<string, string> = Object.create(null);
  const multi: Record<string, string[]> = Object.create(null);
  const byLowerName = new Map<string, string>();
  const spelling = new Map<string, string>();
  let valueLength = 0;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const lower = raw.toLowerCase();
    valueLength += value.length;
    byLowerName.set(lower, value);
    if (DROPPED.has(lower)) continue;
    let name = spelling.get(lower);
    if (name === undefined) {
      name = SPELLING.get(lower) ?? raw;
      spelling.set(lower, name);
    }
    single[name] = value;
    const values = multi[name];
    if (values === undefined) multi[name] = [value];
    else values.push(value);
  }
  const before = single['X-Forwarded-For'];
  set('X-Forwarded-For', before === undefined ? forwarding.sourceIp : `${before}, ${forwarding.sourceIp}`);
  set('X-Forwarded-Port', String(forwarding.port));
  set('X-Forwarded-Proto', 'http');
  set('X-Amzn-Trace-Id', single['X-Amzn-Trace-Id'] ?? forwarding.traceId);
  return { single, multi, byLowerName, valueLength };

  function set(name: string, value: string): void {
    single[name] = value;
    multi[name] = [value];
  }
}
