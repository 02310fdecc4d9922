import type { HttpMethod } from '../../lambdas/contract/route-spec.ts';
import { SpillwayError } from '../spillway-error.ts';

/** One piece of a resource path: `feed`, `{userId}`, or `{rest+}`, which takes all that is left and at least one piece. */
export interface PathSegment {
  readonly kind: 'literal' | 'parameter' | 'greedy';
  /** The text of a literal, the name of a parameter. */
  readonly text: string;
}

/** What API Gateway accepts in a path part, less the characters that would have to be percent-encoded in a URL. */
const LITERAL = /^[A-Za-z0-9._:-]+$/;
const PARAMETER = /^\{([A-Za-z_][A-Za-z0-9_]*)(\+?)\}$/;

/**
 * The pieces of a resource path such as `/api/follows/{userId}`; none for `/`.
 * @param subject how an error begins, such as `route 'GET /api/feed'`
 * @throws SpillwayError that names the piece API Gateway would refuse
 */
export function parsePath(path: string, subject: string): readonly PathSegment[] {
  const fail = (reason: string): never => {
    throw new SpillwayError('invalid-path', `${subject}: ${reason}`);
  };
  if (!path.startsWith('/')) fail(`path must start with '/', got '${path}'`);
  if (path === '/') return [];
  const parts = path.slice(1).split('/');
  if (parts.includes('')) fail(`path must not end with '/' or contain '//', got '${path}'`);
  const segments = parts.map((part, index): PathSegment => {
    const [, name, plus] = PARAMETER.exec(part) ?? [];
    if (name === undefined) {
      if (!LITERAL.test(part)) {
        fail(`path parts must be letters, digits and . _ : -, or a parameter such as {userId}, got '${part}'`);
      }
      return { kind: 'literal', text: part };
    }
    if (plus && index < parts.length - 1) fail(`a parameter with + must be the last part of the path, got '${part}'`);
    return { kind: plus ? 'greedy' : 'parameter', text: name };
  });
  const names = segments.filter(({ kind }) => kind !== 'literal').map(({ text }) => text);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) fail(`path parameters must have different names, got '{${twice}}' twice`);
  return segments;
}

/** Whether some request path fits both patterns. */
export function pathsOverlap(a: readonly PathSegment[], b: readonly PathSegment[]): boolean {
  for (let index = 0; ; index += 1) {
    const left = a[index];
    const right = b[index];
    if (left === undefined || right === undefined) return left === right;
    if (left.kind === 'greedy' || right.kind === 'greedy') return true;
    if (left.kind === 'literal' && right.kind === 'literal' && left.text !== right.text) return false;
  }
}

const PRECEDENCE = { literal: 0, parameter: 1, greedy: 2 } as const;

/** Whether, of two overlapping patterns, API Gateway prefers the first: a literal before a parameter before the rest. */
export function takesPrecedence(a: readonly PathSegment[], b: readonly PathSegment[]): boolean {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left.kind === right.kind) continue;
    return PRECEDENCE[left.kind] < PRECEDENCE[right.kind];
  }
  return false;
}

/**
 * A route as it stands in a method ARN after the stage: `PUT/api/follows/*`. A `*` in a policy also crosses slashes, so a
 * pattern may permit more than its own route; the service checks the scope of the route it really serves once more.
 */
export function methodArnPattern(method: HttpMethod, segments: readonly PathSegment[]): string {
  return (
    [method, ...segments.map(({ kind, text }) => (kind === 'literal' ? text : '*'))].join('/') + rootSlash(segments)
  );
}

function rootSlash(segments: readonly PathSegment[]): string {
  return segments.length === 0 ? '/' : '';
}
