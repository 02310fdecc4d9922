// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how API Gateway embeds expressions.
import { describe, expect, it } from 'vitest';
import type { HttpExchange } from '../../../../local/twin/http-api/http-exchange.ts';
import { JSON_BODY_MAX_BYTES, valueSource } from '../../../../local/twin/http-api/value-source.ts';

const exchange: HttpExchange = {
  api: { apiId: 'a1', accountId: '1', region: 'eu-west-1' },
  request: {
    method: 'POST',
    rawSegments: [],
    rawQueryString: '',
    headers: { host: 'api.example', 'x-who': 'ada' },
    multiHeaders: {},
    cookies: undefined,
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.1',
    headersTooLarge: false,
  },
  requestId: 'r1=',
  startedAtMs: Date.UTC(2026, 10, 1),
  stage: {
    name: 'dev',
    variables: { table: 'things' },
    deployed: true,
    throttleOf: () => undefined,
    accessLog: undefined,
  },
  path: '/dev/things',
  query: { q: ['1', '2'] },
  body: Buffer.from('{"order":{"id":7,"name":"x","none":null}}'),
  pathParameters: { id: '42' },
  caller: { kind: 'jwt', claims: { sub: 'ada', 'cognito:groups': '[a]' }, scopes: null },
  status: 0,
  responseLength: 0,
};

describe('valueSource', () => {
  it.each([
    ['$request.header.X-Who', 'ada'],
    ['$request.header.toString', undefined],
    ['$request.querystring.q', '1,2'],
    ['$request.path', '/dev/things'],
    ['$request.path.id', '42'],
    ['$request.path.other', undefined],
    ['$request.body', '{"order":{"id":7,"name":"x","none":null}}'],
    ['$request.body.order.name', 'x'],
    ['$request.body.order.id', '7'],
    ['$request.body.order', '{"id":7,"name":"x","none":null}'],
    ['$request.body.order.none', undefined],
    ['$context.requestId', 'r1='],
    ['$context.requestTime', '01/Nov/2026:00:00:00 +0000'],
    ['$context.domainPrefix', 'api'],
    ['$context.authorizer.claims.cognito:groups', '[a]'],
    ['$context.nothing', undefined],
    ['$stageVariables.table', 'things'],
    ['$stageVariables.other', undefined],
    ['static', 'static'],
    ['$5 and ${other}', '$5 and ${other}'],
    ['${request.header.x-who}/${context.stage}!', 'ada/dev!'],
    ['${request.header.missing}/x', undefined],
  ])('reads %s', (expression, expected) => {
    const read = valueSource(expression);
    const bare = {
      ...exchange,
      request: { ...exchange.request, headers: Object.assign(Object.create(null), exchange.request.headers) },
    };
    expect(read(bare)).toBe(expected);
  });

  it('sees the first 100 KB of the body alone by a JSON path', () => {
    const body = (length: number) => ({
      ...exchange,
      body: Buffer.from(JSON.stringify({ a: 'x'.repeat(length - 8) })),
    });
    expect(valueSource('$request.body.a')(body(JSON_BODY_MAX_BYTES))).toHaveLength(JSON_BODY_MAX_BYTES - 8);
    expect(valueSource('$request.body.a')(body(JSON_BODY_MAX_BYTES + 1))).toBeUndefined();
  });

  it('fails on a part of the request that there is not', () => {
    expect(() => valueSource('$request.cookie.a')).toThrow(
      "$request has header, querystring, path and body, got '$request.cookie.a'; write $request.header.<name> or one of the others",
    );
  });
});
