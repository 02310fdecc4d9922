import { describe, expect, it } from 'vitest';
import { Route } from '../../../lib/api/route.ts';
import { RESOURCES_MAX, RouteTable } from '../../../lib/api/route-table.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const stack = flaggedStack('Service');
const scope = 'feed:read';
const newTable = () => new RouteTable(stack, ['feed:read', 'feed:write']);
const get = (path: string) => Route.get(path, { scope });

describe('RouteTable', () => {
  it('keeps routes with the services that serve them, in order', () => {
    const table = newTable();
    table.add('Feed', get('/b'));
    table.add('Other', get('/a'));
    expect(table.entries.map(({ service, route }) => `${service}: ${route}`)).toEqual([
      "Feed: route 'GET /b'",
      "Other: route 'GET /a'",
    ]);
  });

  it('lets methods share a path, and paths share a parameter', () => {
    const table = newTable();
    table.add('Feed', Route.put('/follows/{userId}', { scope }));
    table.add('Feed', Route.delete('/follows/{userId}', { scope }));
    expect(table.add('Other', get('/follows/{userId}/posts'))).toEqual([]);
  });

  it.each([
    ['the same service', 'Feed', "by service 'Feed'"],
    ['another service', 'Other', "by services 'Feed' and 'Other'"],
  ])('fails on a route that %s has', (_case, service, where) => {
    const table = newTable();
    table.add('Feed', get('/a'));
    expect(() => table.add(service, get('/a'))).toThrow(
      new SpillwayError('duplicate-route', `route 'GET /a' is declared twice, ${where}; remove one`, stack),
    );
  });

  it.each([
    ['/a/{id}', '/a/{userId}', '{userId}', '{id}'],
    ['/a/{id}', '/a/{rest+}', '{rest+}', '{id}'],
    ['/a/{id}/b', '/a/{other}/c', '{other}', '{id}'],
  ])('fails on %s beside %s, which API Gateway refuses', (first, second, part, present) => {
    const table = newTable();
    table.add('Feed', get(first));
    expect(() => table.add('Feed', Route.delete(second, { scope }))).toThrow(
      new SpillwayError(
        'shadowed-route',
        `route 'DELETE ${second}': '${part}' stands where route 'GET ${first}' has '${present}', and API Gateway takes ` +
          'one parameter in a place; give both the same name',
        stack,
      ),
    );
  });

  it('reports a route that another takes requests from, whichever came first', () => {
    const literal = get('/users/me');
    const parameter = get('/users/{id}');
    const literalFirst = newTable();
    literalFirst.add('Users', literal);
    expect(literalFirst.add('Users', parameter)).toEqual([{ shadowed: parameter, by: literal }]);
    const parameterFirst = newTable();
    parameterFirst.add('Users', parameter);
    expect(parameterFirst.add('Users', literal)).toEqual([{ shadowed: parameter, by: literal }]);
  });

  it('reports nothing between methods', () => {
    const table = newTable();
    table.add('Users', get('/users/{id}'));
    expect(table.add('Users', Route.put('/users/me', { scope }))).toEqual([]);
  });

  it('fails on a scope that nobody declared', () => {
    expect(() => newTable().add('Feed', Route.get('/a', { scope: 'feed:raed' }))).toThrow(
      new SpillwayError(
        'unknown-scope',
        "route 'GET /a': scope must be one of 'feed:read', 'feed:write', or Route.PUBLIC, got 'feed:raed'; add it to the scopes first",
        stack,
      ),
    );
  });

  it('holds just as many resources as API Gateway, and fails on one too many', () => {
    const table = newTable();
    for (let index = 1; index < RESOURCES_MAX; index += 1) table.add('Feed', get(`/r${index}`));
    table.add('Feed', get('/'));
    expect(() => table.add('Feed', get('/straw'))).toThrow(
      new SpillwayError(
        'too-many-resources',
        "route 'GET /straw': an API must have at most 300 resources (path parts), got 301; split it into two APIs",
        stack,
      ),
    );
  });
});
