/** Request line and header values together (developer guide, "Quotas for configuring and running" REST and HTTP APIs). */
const HEADERS_MAX_BYTES = 10_240;
/** Two spaces and `HTTP/1.1` of the request line. */
const REQUEST_LINE_REST = 10;

/** What a request line names, in parts as they were sent, still encoded. */
export interface RequestTarget {
  /** Path and query string. */
  readonly target: string;
  readonly path: string;
  /** What follows the first question mark; empty where there is none. */
  readonly queryString: string;
}

/** Takes the target of a request line apart: `/path?query`, or `http://host/path?query`, of which the path counts. */
export function readTarget(url = '/'): RequestTarget {
  const target = originForm(url);
  const question = target.indexOf('?');
  if (question < 0) return { target, path: target, queryString: '' };
  return { target, path: target.slice(0, question), queryString: target.slice(question + 1) };
}

/** Whether a request is refused for its size. `valueLength` is that of all header values together. */
export function areHeadersTooLarge(method: string, target: string, valueLength: number): boolean {
  return method.length + target.length + valueLength + REQUEST_LINE_REST > HEADERS_MAX_BYTES;
}

/** `http://host/path` and targets without a slash are legal in a request line; what counts is the path. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const scheme = target.indexOf('://');
  if (scheme < 0) return `/${target}`;
  const path = target.indexOf('/', scheme + 3);
  return path > 0 ? target.slice(path) : '/';
}
