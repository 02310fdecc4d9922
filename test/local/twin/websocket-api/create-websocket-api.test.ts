import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { failedInvocation } from '../../../support/fake-functions.ts';
import { resourceV2 } from '../../../support/http-api-resources.ts';
import { ACCOUNT_ID, functionArn, REGION } from '../../../support/rest-api-resources.ts';
import { startTestWebSocketApi, webSocketApiResources } from '../../../support/test-websocket-api.ts';

const ALL = [{ key: '$connect' }, { key: '$disconnect' }, { key: '$default' }];
const echo = ({ body }: { body: string }) => ({ statusCode: 200, body });

describe('createWebSocketApi', () => {
  test('runs $connect, a message and $disconnect in events as AWS sends them', async () => {
    const { connect, calls, principals } = await startTestWebSocketApi(
      {
        routes: [...ALL, { key: 'join', function: 'join' }],
      },
      { join: () => ({ statusCode: 200 }) },
    );
    const client = await connect({ path: '/dev?room=1', headers: { 'X-Trace': 'a' } });
    client.socket.send('{"action":"join"}');
    await vi.waitFor(() => expect(calls.join).toHaveLength(1));
    client.socket.close(4000, 'enough');
    await vi.waitFor(() => expect(calls.service).toHaveLength(2));
    const [connected, disconnected] = calls.service ?? [];
    const connectionId = connected.requestContext.connectionId;
    const common = {
      stage: 'dev',
      messageDirection: 'IN',
      connectedAt: Date.UTC(2026, 10, 1),
      requestTimeEpoch: Date.UTC(2026, 10, 1),
      requestTime: '01/Nov/2026:00:00:00 +0000',
      identity: { sourceIp: '127.0.0.1' },
      domainName: `a1b2c3d4e5.execute-api.${REGION}.amazonaws.com`,
      apiId: 'a1b2c3d4e5',
      connectionId,
      requestId: expect.stringMatching(/^[\w-]{15}=$/),
      extendedRequestId: expect.stringMatching(/^[\w-]{15}=$/),
    };
    expect(connected).toEqual({
      headers: expect.objectContaining({ Host: expect.any(String), 'X-Trace': 'a', 'Sec-WebSocket-Version': '13' }),
      multiValueHeaders: expect.objectContaining({ 'X-Trace': ['a'] }),
      queryStringParameters: { room: '1' },
      multiValueQueryStringParameters: { room: ['1'] },
      requestContext: { ...common, routeKey: '$connect', eventType: 'CONNECT' },
      isBase64Encoded: false,
    });
    expect(calls.join?.[0]).toEqual({
      requestContext: { ...common, routeKey: 'join', eventType: 'MESSAGE', messageId: expect.stringMatching(/=$/) },
      body: '{"action":"join"}',
      isBase64Encoded: false,
    });
    expect(disconnected).toMatchObject({
      headers: { 'x-api-key': '', 'x-restapi': '' },
      requestContext: {
        ...common,
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        disconnectStatusCode: 4000,
        disconnectReason: 'enough',
      },
    });
    expect(principals[1]).toEqual({
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:a1b2c3d4e5/dev/join`,
    });
  });

  test('sends the body back where the route has a response, and nothing where it has none', async () => {
    const { connect } = await startTestWebSocketApi(
      { routes: [{ key: '$default' }, { key: 'quiet' }], twoWay: ['$default'] },
      { service: echo },
    );
    const client = await connect();
    client.socket.send('{"action":"quiet"}');
    client.socket.send('no JSON');
    expect(await client.next()).toBe('no JSON');
    expect(client.received).toHaveLength(1);
  });

  test('says so to the client where no route takes the message', async () => {
    const { connect, access } = await startTestWebSocketApi({ routes: [{ key: 'join' }] });
    const client = await connect();
    client.socket.send('{"action":"$connect"}');
    expect(JSON.parse(await client.next())).toEqual({
      message: 'Forbidden',
      connectionId: expect.any(String),
      requestId: access[1]?.requestId,
    });
  });

  test.each([
    ['fails', failedInvocation('failed', 'Error', 'oops')],
    ['may not be invoked', failedInvocation('denied', 'AccessDenied', 'no')],
    ['answers nonsense', 'nonsense'],
  ])('says so to the client where the function %s', async (_, outcome) => {
    const { connect } = await startTestWebSocketApi({}, { service: () => outcome });
    const client = await connect();
    client.socket.send('hello');
    expect(JSON.parse(await client.next())).toMatchObject({ message: 'Internal server error' });
  });

  test('refuses the handshake with the status that $connect answers', async () => {
    const { connect, connections } = await startTestWebSocketApi(
      { routes: ALL },
      {
        service: () => ({ statusCode: 401, body: 'who are you' }),
      },
    );
    await expect(connect()).rejects.toThrow('401 who are you');
    expect(connections.size).toBe(0);
  });

  test.each([
    ['fails', failedInvocation('failed', 'Error', 'oops'), 502],
    ['may not be invoked', failedInvocation('denied', 'AccessDenied', 'no'), 500],
  ])('refuses the handshake where the function of $connect %s', async (_, outcome, status) => {
    const { connect } = await startTestWebSocketApi({ routes: ALL }, { service: () => outcome });
    await expect(connect()).rejects.toThrow(`${status} {"message":"Internal server error"`);
  });

  test('agrees on the subprotocol that $connect answers', async () => {
    const { connect } = await startTestWebSocketApi(
      { routes: ALL },
      {
        service: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat.v2' } }),
      },
    );
    expect((await connect({ protocols: ['chat.v1', 'chat.v2'] })).socket.protocol).toBe('chat.v2');
  });

  test('accepts a connection by a MOCK integration, and without $connect', async () => {
    const mock = (statusCode: number) => ({
      routes: [
        {
          key: '$connect',
          integration: {
            IntegrationType: 'MOCK',
            TemplateSelectionExpression: '\\$default',
            RequestTemplates: { $default: `{"statusCode": ${statusCode}}` },
          },
        },
      ],
    });
    for (const fixture of [mock(200), { routes: [] }]) await (await startTestWebSocketApi(fixture)).connect();
    await expect((await startTestWebSocketApi(mock(403))).connect()).rejects.toThrow('403');
  });

  test('serves a lone stage with its name and without, and no other path', async () => {
    const { connect, url } = await startTestWebSocketApi();
    await connect({ path: '/' });
    await connect({ path: '/dev/' });
    await expect(connect({ path: '/prod' })).rejects.toThrow('403 {"message":"Forbidden"}');
    expect((await fetch(url.replace('ws', 'http'))).status).toBe(426);
  });

  test('throttles messages of a route, and says so to the client', async () => {
    const DefaultRouteSettings = { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 };
    const { connect, calls } = await startTestWebSocketApi({ stages: { dev: { DefaultRouteSettings } } });
    const client = await connect();
    client.socket.send('one');
    client.socket.send('two');
    expect(JSON.parse(await client.next())).toMatchObject({ message: 'Too Many Requests' });
    expect(calls.service).toHaveLength(1);
  });

  test('takes a frame of 32 KB and a message of 128 KB, and closes with 1009 on one byte more', async () => {
    const { connect, calls } = await startTestWebSocketApi({}, { service: () => ({ statusCode: 200 }) });
    const sendInFrames = (client: Awaited<ReturnType<typeof connect>>, sizes: number[]) => {
      for (const [index, size] of sizes.entries())
        client.socket.send('x'.repeat(size), { fin: index === sizes.length - 1 });
    };
    const frame = 32 * 1_024;
    const client = await connect();
    sendInFrames(client, [frame, frame, frame, frame]);
    await vi.waitFor(() => expect(calls.service?.[0]?.body).toHaveLength(4 * frame));
    sendInFrames(client, [frame, frame, frame, frame, 1]);
    expect(await client.closed).toMatchObject({ code: 1009 });
    const other = await connect();
    other.socket.send('x'.repeat(frame + 1));
    expect(await other.closed).toMatchObject({ code: 1009 });
    expect(calls.service).toHaveLength(1);
  });

  test('closes with 1003 on a binary frame', async () => {
    const { connect } = await startTestWebSocketApi();
    const client = await connect();
    client.socket.send(Buffer.from('binary'));
    expect(await client.closed).toMatchObject({ code: 1003 });
  });

  test('closes an idle connection, and one that is open for too long, with 1001', async () => {
    const { connect, calls, clock } = await startTestWebSocketApi({ routes: ALL }, {}, { idleTimeoutMs: 20 });
    const client = await connect();
    // The clock of the API stands still: nothing is idle, however long it takes.
    await sleep(60);
    expect(client.socket.readyState).toBe(1);
    clock.advance(20);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    await vi.waitFor(() =>
      expect(calls.service?.at(-1)?.requestContext).toMatchObject({
        disconnectStatusCode: 1001,
        disconnectReason: 'Going away',
      }),
    );
    const short = await startTestWebSocketApi({}, {}, { connectionMaxMs: 50 });
    expect((await (await short.connect()).closed).code).toBe(1001);
  });

  test('names the endings that come without a reason', async () => {
    const { connect, calls } = await startTestWebSocketApi({ routes: [{ key: '$disconnect' }] });
    (await connect()).socket.close();
    await vi.waitFor(() => expect(calls.service).toHaveLength(1));
    (await connect()).socket.terminate();
    await vi.waitFor(() => expect(calls.service).toHaveLength(2));
    expect(
      calls.service?.map(({ requestContext: { disconnectStatusCode: code, disconnectReason } }) => [
        code,
        disconnectReason,
      ]),
    ).toEqual([
      [1005, 'Client-side close frame status not set'],
      [1006, 'Connection Closed Abnormally'],
    ]);
  });

  test('replaces the template under an open connection, and writes the access log', async () => {
    const { api, connect, access } = await startTestWebSocketApi({ routes: [] }, { service: echo });
    const client = await connect();
    const Format = '$context.eventType $context.routeKey $context.connectionId $context.status';
    api.replace(webSocketApiResources({ twoWay: ['$default'], stages: { dev: { AccessLogSettings: { Format } } } }));
    client.socket.send('hello');
    expect(await client.next()).toBe('hello');
    const other = await connect();
    other.socket.send('hello');
    await other.next();
    expect(access.at(-1)?.line).toMatch(/^MESSAGE \$default [\w-]{15}= 200$/);
    expect(() => api.replace([])).toThrow('the stack has no WebSocket API to serve');
  });

  test('describes routes and closes its connections', async () => {
    const { api, connect } = await startTestWebSocketApi({ routes: ALL });
    expect(api.description).toMatchObject({
      protocol: 'WEBSOCKET',
      name: 'chat',
      stage: 'dev',
      routes: [{ method: 'WS', path: '$connect', functionArn: functionArn('service') }, {}, {}],
    });
    const client = await connect();
    await api.close();
    expect((await client.closed).code).toBe(1001);
  });

  test.each([
    [
      'an integration of another type',
      [resourceV2('Integration', 'Bad', { IntegrationType: 'HTTP_PROXY' })],
      'the twin runs integrations of WebSocket APIs of type AWS_PROXY (Lambda) and MOCK, not HTTP_PROXY',
    ],
    [
      'an authorizer on a message',
      [
        resourceV2('Route', 'Bad', {
          RouteKey: 'join',
          AuthorizationType: 'CUSTOM',
          Target: 'integrations/Integration $default',
        }),
      ],
      'AuthorizationType must be NONE on join: only $connect authorizes',
    ],
  ])('fails on %s', (_, others, message) => {
    const { api } = { api: () => startTestWebSocketApi({ others }) };
    return expect(api()).rejects.toThrow(message);
  });

  test('fails on a route selection that does not read the message', async () => {
    await expect(startTestWebSocketApi({ api: { RouteSelectionExpression: '$request.header.x' } })).rejects.toThrow(
      "AWS::ApiGatewayV2::Api Api: RouteSelectionExpression: a route selection expression reads the message, such as $request.body.action, got '$request.header.x'",
    );
  });
});
