const ANY = 'ANY';
const DEFAULT = '$default';

interface Leaf<T> {
  readonly route: T;
  /** Names of the path parameters, in the order of the path. */
  readonly names: readonly string[];
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  parameter?: Node<T>;
  readonly methods: Map<string, Leaf<T>>;
  /** Methods of `{name+}` at this place. */
  readonly greedy: Map<string, Leaf<T>>;
}

/** Routes of an HTTP API, arranged once. */
export interface RouteTable<T> {
  readonly root: Node<T>;
  fallback: T | undefined;
}

export interface RouteTableEntry<T> {
  /** `GET /pets/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly route: T;
}

export interface RouteTableMatch<T> {
  readonly route: T;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/** Builds the table. Throws RangeError for a malformed route key and for two routes of one key. */
export function buildRouteTable<T>(entries: readonly RouteTableEntry<T>[]): RouteTable<T> {
  const table: RouteTable<T> = { root: createNode(), fallback: undefined };
  for (const { routeKey, route } of entries) {
    if (routeKey === DEFAULT) {
      if (table.fallback !== undefined) throw new RangeError(`two routes have the key ${DEFAULT}`);
      table.fallback = route;
    } else add(table.root, routeKey, route);
  }
  return table;
}

/**
 * Finds the route of a request in the order of HTTP APIs (developer guide, "Routing API requests"): a full match of method
 * and path, then a greedy parameter, then `$default`. At each segment a literal goes before a parameter, and a method of
 * its own before ANY. Unlike in a REST API, a slash at the end is a segment of its own.
 *
 * @param segments decoded segments of the path; none for `/`.
 */
export function matchRouteTable<T>(
  table: RouteTable<T>,
  method: string,
  segments: readonly string[],
): RouteTableMatch<T> | undefined {
  const values: string[] = [];
  const leaf = full(table.root, method, segments, 0, values) ?? greedy(table.root, method, segments, 0, values);
  if (leaf === undefined) {
    return table.fallback === undefined ? undefined : { route: table.fallback, pathParameters: undefined };
  }
  if (leaf.names.length === 0) return { route: leaf.route, pathParameters: undefined };
  // Values were collected on the way back, the last one first.
  const last = leaf.names.length - 1;
  return {
    route: leaf.route,
    pathParameters: Object.fromEntries(leaf.names.map((name, index) => [name, values[last - index] ?? ''])),
  };
}

function full<T>(
  node: Node<T>,
  method: string,
  segments: readonly string[],
  depth: number,
  values: string[],
): Leaf<T> | undefined {
  const segment = segments[depth];
  if (segment === undefined) return node.methods.get(method) ?? node.methods.get(ANY);
  const literal = node.literals.get(segment);
  const byLiteral = literal && full(literal, method, segments, depth + 1, values);
  if (byLiteral !== undefined || node.parameter === undefined || segment === '') return byLiteral;
  const byParameter = full(node.parameter, method, segments, depth + 1, values);
  if (byParameter !== undefined) values.push(segment);
  return byParameter;
}

/** The deepest greedy parameter wins: it is the most specific one. */
function greedy<T>(
  node: Node<T>,
  method: string,
  segments: readonly string[],
  depth: number,
  values: string[],
): Leaf<T> | undefined {
  const segment = segments[depth];
  if (segment === undefined) return undefined;
  const literal = node.literals.get(segment);
  const byLiteral = literal && greedy(literal, method, segments, depth + 1, values);
  if (byLiteral !== undefined) return byLiteral;
  const byParameter =
    segment === '' ? undefined : node.parameter && greedy(node.parameter, method, segments, depth + 1, values);
  if (byParameter !== undefined) {
    values.push(segment);
    return byParameter;
  }
  const leaf = node.greedy.get(method) ?? node.greedy.get(ANY);
  if (leaf !== undefined) values.push(segments.slice(depth).join('/'));
  return leaf;
}

function add<T>(root: Node<T>, routeKey: string, route: T): void {
  const parsed = /^([A-Z]+) (\/.*)$/.exec(routeKey);
  const [, method = '', path = ''] = parsed ?? [];
  if (parsed === null) throw new RangeError(`a route key is $default or '<METHOD> /<path>', got '${routeKey}'`);
  const names: string[] = [];
  let node = root;
  let leaves = node.methods;
  for (const segment of path === '/' ? [] : path.slice(1).split('/')) {
    if (leaves !== node.methods) throw new RangeError(`a greedy parameter must end its path, got '${routeKey}'`);
    const parameter = /^\{([^{}+]+)(\+?)\}$/.exec(segment);
    if (parameter?.[1] === undefined) {
      const child = node.literals.get(segment) ?? createNode<T>();
      node.literals.set(segment, child);
      node = child;
      leaves = node.methods;
    } else {
      names.push(parameter[1]);
      if (parameter[2] === '+') leaves = node.greedy;
      else {
        node.parameter ??= createNode();
        node = node.parameter;
        leaves = node.methods;
      }
    }
  }
  if (leaves.has(method)) throw new RangeError(`two routes have the key ${routeKey}`);
  leaves.set(method, { route, names });
}

function createNode<T>(): Node<T> {
  return { literals: new Map(), methods: new Map(), greedy: new Map() };
}
