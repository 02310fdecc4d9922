import { decodePercent } from './percent-decoding.ts';

/** A method of any name, which serves the HTTP methods that the resource has no method of its own for. */
const ANY = 'ANY';

interface RouteNode<T> {
  readonly literals: Map<string, RouteNode<T>>;
  parameter?: { readonly name: string; readonly node: RouteNode<T> };
  greedy?: { readonly name: string; readonly methods: Map<string, T> };
  readonly methods: Map<string, T>;
}

export interface RouteTree<T> {
  readonly root: RouteNode<T>;
  /** Methods by path for the paths without parameters: most requests end here. */
  readonly fixedPaths: Map<string, Map<string, T>>;
}

export type RouteMatch<T> =
  | { readonly kind: 'match'; readonly route: T; readonly pathParameters: Readonly<Record<string, string>> | undefined }
  | { readonly kind: 'no-match' }
  | { readonly kind: 'malformed' };

export interface RouteEntry<T> {
  /** HTTP method in upper case, or `ANY`. */
  readonly method: string;
  /** Resource path, such as `/api/follows/{userId}` or `/files/{proxy+}`. */
  readonly path: string;
  readonly route: T;
}

const NO_MATCH = { kind: 'no-match' } as const;
const MALFORMED = { kind: 'malformed' } as const;

/** Builds the tree once. Throws RangeError for two routes of one method and path, and for a greedy parameter inside a path. */
export function buildRouteTree<T>(entries: readonly RouteEntry<T>[]): RouteTree<T> {
  const tree: RouteTree<T> = { root: createNode(), fixedPaths: new Map() };
  for (const entry of entries) {
    const methods = methodsAt(tree, entry.path);
    if (methods.has(entry.method)) throw new RangeError(`two routes serve ${entry.method} ${entry.path}`);
    methods.set(entry.method, entry.route);
    if (!entry.path.includes('{')) tree.fixedPaths.set(entry.path, methods);
  }
  return tree;
}

/**
 * Finds the route of a request as API Gateway does: at every segment a literal goes before a parameter, and a parameter
 * before a greedy one; a slash at the end and repeated ones at the front do not count. A resource that has neither the
 * method nor ANY does not hide a less specific one that has. Segments are decoded once, after the path was split: an
 * encoded slash never separates segments.
 */
export function matchRoute<T>(tree: RouteTree<T>, method: string, path: string): RouteMatch<T> {
  const fixed = tree.fixedPaths.get(path);
  const direct = fixed?.get(method) ?? fixed?.get(ANY);
  if (direct !== undefined) return { kind: 'match', route: direct, pathParameters: undefined };

  const segments: string[] = [];
  for (const raw of trimSlashes(path).split('/')) {
    const segment = decodePercent(raw);
    if (segment === undefined) return MALFORMED;
    segments.push(segment);
  }
  if (segments.length === 1 && segments[0] === '') segments.pop();
  const values: [string, string][] = [];
  const route = descend(tree.root, segments, 0, method, values);
  if (route === undefined) return NO_MATCH;
  return {
    kind: 'match',
    route,
    pathParameters: values.length === 0 ? undefined : Object.fromEntries(values.reverse()),
  };
}

/** Parameters are collected on the way back, so that a branch that failed leaves none. */
function descend<T>(
  node: RouteNode<T>,
  segments: readonly string[],
  depth: number,
  method: string,
  values: [string, string][],
): T | undefined {
  const segment = segments[depth];
  if (segment === undefined) return node.methods.get(method) ?? node.methods.get(ANY);
  const literal = node.literals.get(segment);
  const byLiteral = literal && descend(literal, segments, depth + 1, method, values);
  if (byLiteral !== undefined) return byLiteral;
  if (node.parameter !== undefined && segment !== '') {
    const byParameter = descend(node.parameter.node, segments, depth + 1, method, values);
    if (byParameter !== undefined) {
      values.push([node.parameter.name, segment]);
      return byParameter;
    }
  }
  const byGreed = node.greedy?.methods.get(method) ?? node.greedy?.methods.get(ANY);
  if (node.greedy !== undefined && byGreed !== undefined) {
    values.push([node.greedy.name, segments.slice(depth).join('/')]);
  }
  return byGreed;
}

function methodsAt<T>(tree: RouteTree<T>, path: string): Map<string, T> {
  let node = tree.root;
  const segments = path
    .split('/')
    .slice(1)
    .filter((segment) => segment !== '');
  for (const [index, segment] of segments.entries()) {
    const parameter = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    const name = parameter?.[1];
    if (name === undefined) {
      const literal = node.literals.get(segment) ?? createNode<T>();
      node.literals.set(segment, literal);
      node = literal;
    } else if (parameter?.[2] === '+') {
      if (index !== segments.length - 1) throw new RangeError(`a greedy parameter must end its path, got ${path}`);
      node.greedy ??= { name, methods: new Map() };
      return node.greedy.methods;
    } else {
      node.parameter ??= { name, node: createNode() };
      if (node.parameter.name !== name) {
        throw new RangeError(`two parameters compete for one place: {${node.parameter.name}} and {${name}} in ${path}`);
      }
      node = node.parameter.node;
    }
  }
  return node.methods;
}

function createNode<T>(): RouteNode<T> {
  return { literals: new Map(), methods: new Map() };
}

function trimSlashes(path: string): string {
  let start = 0;
  let end = path.length;
  while (start < end && path[start] === '/') start += 1;
  while (end > start && path[end - 1] === '/') end -= 1;
  return path.slice(start, end);
}
