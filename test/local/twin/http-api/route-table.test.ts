import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRouteTable, matchRouteTable } from '../../../../local/twin/http-api/route-table.ts';

const KEYS = [
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /pets/dog/{id}',
  'GET /{kind}/cat',
  'ANY /{proxy+}',
  'GET /',
  '$default',
];
const table = buildRouteTable(KEYS.map((routeKey) => ({ routeKey, route: routeKey })));
const segmentsOf = (path: string) => (path === '/' ? [] : path.slice(1).split('/'));

describe('matchRouteTable', () => {
  it.each<[string, string, string, Record<string, string> | undefined]>([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['PUT', '/pets/dog/2', 'ANY /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/bird/3', 'GET /pets/{proxy+}', { proxy: 'bird/3' }],
    ['GET', '/pets/cat', 'GET /{kind}/cat', { kind: 'pets' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['GET', '/', 'GET /', undefined],
    ['POST', '/', '$default', undefined],
    ['GET', '/pets/dog/1/', 'GET /pets/{proxy+}', { proxy: 'dog/1/' }],
    ['GET', '/pets/', 'GET /pets/{proxy+}', { proxy: '' }],
    ['GET', '/pets', 'ANY /{proxy+}', { proxy: 'pets' }],
  ])('takes %s %s by %s', (method, path, route, pathParameters) => {
    expect(matchRouteTable(table, method, segmentsOf(path))).toEqual({ route, pathParameters });
  });

  it('lets two routes name the parameter of one place differently', () => {
    const two = buildRouteTable([
      { routeKey: 'GET /pets/{id}', route: 1 },
      { routeKey: 'GET /pets/{petId}/toys/{toyId}', route: 2 },
    ]);
    expect(matchRouteTable(two, 'GET', ['pets', 'a'])?.pathParameters).toEqual({ id: 'a' });
    expect(matchRouteTable(two, 'GET', ['pets', 'a', 'toys', 'b'])?.pathParameters).toEqual({ petId: 'a', toyId: 'b' });
    expect(matchRouteTable(two, 'GET', ['pets'])).toBeUndefined();
  });

  it('finds what a plain search over all routes finds, for any table and path', () => {
    const segment = fc.constantFrom('a', 'b', '');
    const place = fc.constantFrom('a', 'b', '{x}');
    const key = fc
      .tuple(fc.constantFrom('GET', 'ANY'), fc.array(place, { maxLength: 3 }), fc.boolean())
      .map(([method, places, greedy]) => `${method} /${[...places, ...(greedy ? ['{rest+}'] : [])].join('/')}`);
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 6 }), fc.array(segment, { maxLength: 4 }), (keys, segments) => {
        // `/` has no segment, so a lone empty one never comes.
        fc.pre(segments.length !== 1 || segments[0] !== '');
        const found = matchRouteTable(
          buildRouteTable(keys.map((routeKey) => ({ routeKey, route: routeKey }))),
          'GET',
          segments,
        );
        const matching = keys.filter((candidate) => pattern(candidate, segments.length).test(`/${segments.join('/')}`));
        expect(found === undefined).toBe(matching.length === 0);
        if (found !== undefined) expect(matching).toContain(found.route);
        if (matching.some((candidate) => !candidate.includes('+'))) expect(found?.route).not.toContain('+');
      }),
    );
  });

  it.each([
    [['GET /a', 'GET /a'], 'two routes have the key GET /a'],
    [['$default', '$default'], 'two routes have the key $default'],
    [['GET a'], "a route key is $default or '<METHOD> /<path>', got 'GET a'"],
    [['GET /{rest+}/a'], "a greedy parameter must end its path, got 'GET /{rest+}/a'"],
  ])('fails on %j', (keys, message) => {
    expect(() => buildRouteTable(keys.map((routeKey) => ({ routeKey, route: routeKey })))).toThrow(
      new RangeError(message),
    );
  });
});

/** A route key as a regular expression; without segments nothing but `/` itself fits. */
function pattern(routeKey: string, depth: number): RegExp {
  const path = routeKey.split(' ')[1] ?? '';
  if (depth === 0) return path === '/' ? /^\/$/ : /^x$/;
  return new RegExp(`^${path.replace(/\{rest\+\}/, '.*').replaceAll('{x}', '[^/]+')}$`);
}
