import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { methodArnPattern, parsePath, pathsOverlap, takesPrecedence } from '../../../lib/api/route-path.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const parse = (path: string) => parsePath(path, `route 'GET ${path}'`);

describe('parsePath', () => {
  it('reads literals, parameters and the rest', () => {
    expect(parse('/')).toEqual([]);
    expect(parse('/.well-known/jwks.json').map(({ text }) => text)).toEqual(['.well-known', 'jwks.json']);
    expect(parse('/api/{userId}/{rest+}')).toEqual([
      { kind: 'literal', text: 'api' },
      { kind: 'parameter', text: 'userId' },
      { kind: 'greedy', text: 'rest' },
    ]);
  });

  const partRule = 'path parts must be letters, digits and . _ : -, or a parameter such as {userId}, got';
  it.each([
    ['api/feed', "path must start with '/', got 'api/feed'"],
    ['', "path must start with '/', got ''"],
    ['/api/', "path must not end with '/' or contain '//', got '/api/'"],
    ['//api', "path must not end with '/' or contain '//', got '//api'"],
    ['/my feed', `${partRule} 'my feed'`],
    ['/{user-id}', `${partRule} '{user-id}'`],
    ['/{}', `${partRule} '{}'`],
    ['/a{id}', `${partRule} 'a{id}'`],
    ['/*', `${partRule} '*'`],
    ['/{rest+}/a', "a parameter with + must be the last part of the path, got '{rest+}'"],
    ['/{id}/{id}', "path parameters must have different names, got '{id}' twice"],
  ])("fails on '%s'", (path, reason) => {
    expect(() => parse(path)).toThrow(new SpillwayError('invalid-path', `route 'GET ${path}': ${reason}`));
  });
});

describe('pathsOverlap', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/b', false],
    ['/a', '/a/b', false],
    ['/a/{x}', '/a/b', true],
    ['/a/{x}', '/a', false],
    ['/{x}/b', '/a/{y}', true],
    ['/{x}/b', '/a/c', false],
    ['/a/{x+}', '/a/b/c/d', true],
    ['/a/{x+}', '/a', false],
    ['/a/{x+}', '/b/c', false],
    ['/', '/', true],
    ['/', '/a', false],
  ])("'%s' and '%s': %s", (a, b, overlap) => {
    expect(pathsOverlap(parse(a), parse(b))).toBe(overlap);
  });

  const part = fc.constantFrom('a', 'b', '{p}', '{q}');
  const path = fc.uniqueArray(part, { maxLength: 4 }).map((parts) => parse(`/${parts.join('/')}`));

  it('does not depend on the order', () => {
    fc.assert(fc.property(path, path, (a, b) => pathsOverlap(a, b) === pathsOverlap(b, a)));
  });

  it('holds if and only if some request fits both', () => {
    const requests = ['a', 'b', 'c'].flatMap((x) => ['a', 'b', 'c'].flatMap((y) => [[], [x], [x, y]]));
    const fits = (request: readonly string[], pattern: ReturnType<typeof parse>) =>
      request.length === pattern.length &&
      pattern.every(({ kind, text }, index) => kind !== 'literal' || request[index] === text);
    const short = fc.uniqueArray(part, { maxLength: 2 }).map((parts) => parse(`/${parts.join('/')}`));
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(pathsOverlap(a, b)).toBe(requests.some((request) => fits(request, a) && fits(request, b)));
      }),
    );
  });
});

describe('takesPrecedence', () => {
  it('puts a literal before a parameter, and a parameter before the rest, from the left', () => {
    expect(takesPrecedence(parse('/a/me'), parse('/a/{id}'))).toBe(true);
    expect(takesPrecedence(parse('/a/{id}'), parse('/a/me'))).toBe(false);
    expect(takesPrecedence(parse('/a/{id}'), parse('/a/{rest+}'))).toBe(true);
    expect(takesPrecedence(parse('/a/{x}'), parse('/{y}/b'))).toBe(true);
  });
});

describe('methodArnPattern', () => {
  it('writes a route as method ARNs do, with * for parameters', () => {
    expect(methodArnPattern('GET', parse('/api/feed'))).toBe('GET/api/feed');
    expect(methodArnPattern('PUT', parse('/api/follows/{userId}'))).toBe('PUT/api/follows/*');
    expect(methodArnPattern('GET', parse('/files/{rest+}'))).toBe('GET/files/*');
    expect(methodArnPattern('GET', parse('/'))).toBe('GET/');
  });
});
