import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { ConnectionStore } from '../../local/twin/aws/connections/connection-store.ts';
import type { AccessEntry } from '../../local/twin/gateway/access-entry.ts';
import type { ApiV2 } from '../../local/twin/http-api/create-http-api.ts';
import { createWebSocketApi } from '../../local/twin/websocket-api/create-websocket-api.ts';
import type { WebSocketApiOptions } from '../../local/twin/websocket-api/websocket-api-options.ts';
import { type FakeEvent, type FakeHandler, fakeFunctions } from './fake-functions.ts';
import { type ApiV2Fixture, resourceV2, routeResources } from './http-api-resources.ts';
import { ManualClock } from './manual-clock.ts';
import { ACCOUNT_ID, API_ID, functionArn, invocationUri, REGION } from './rest-api-resources.ts';

export interface WebSocketFixture extends ApiV2Fixture {
  /** Keys of the routes that answer over the connection. */
  readonly twoWay?: readonly string[];
}

/** The resolved resources of a WebSocket API with one stage `dev`, as the CDK would have them. */
export function webSocketApiResources(fixture: WebSocketFixture = {}): ResolvedResource[] {
  const { routes = [{ key: '$default' }], twoWay = [], stages = { dev: {} } } = fixture;
  return [
    resourceV2(
      'Api',
      'Api',
      {
        Name: 'chat',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
        ...fixture.api,
      },
      API_ID,
    ),
    ...Object.entries(stages).map(([StageName, properties]) =>
      resourceV2(
        'Stage',
        `Stage ${StageName}`,
        { ApiId: API_ID, StageName, AutoDeploy: true, ...properties },
        StageName,
      ),
    ),
    ...routes.flatMap((route) => {
      const integration = {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: invocationUri(route.function ?? 'service'),
        ...route.integration,
      };
      const isTwoWay = twoWay.includes(route.key);
      const properties = { ...(isTwoWay && { RouteResponseSelectionExpression: '$default' }), ...route.properties };
      return routeResources({ ...route, integration, properties }, undefined);
    }),
    ...twoWay.map((key) =>
      resourceV2('RouteResponse', `Response ${key}`, {
        ApiId: API_ID,
        RouteId: `Route ${key}`,
        RouteResponseKey: '$default',
      }),
    ),
    ...Object.entries(fixture.authorizers ?? {}).map(([Name, properties]) =>
      resourceV2('Authorizer', Name, {
        ApiId: API_ID,
        Name,
        AuthorizerType: 'REQUEST',
        AuthorizerUri: functionArn('authorizer'),
        IdentitySource: ['route.request.header.Authorization'],
        ...properties,
      }),
    ),
    ...(fixture.others ?? []),
  ];
}

/** A client that keeps what it received. */
export interface TestClient {
  readonly socket: WebSocket;
  readonly received: string[];
  /** The next message that has not been asked for yet. */
  next(): Promise<string>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export interface TestWebSocketApi {
  readonly api: ApiV2;
  readonly url: string;
  readonly connections: ConnectionStore;
  readonly access: AccessEntry[];
  readonly calls: Record<string, FakeEvent[]>;
  readonly principals: readonly unknown[];
  readonly clock: ManualClock;
  /** Opens a connection. Rejects with the status of a refused handshake and its body. */
  connect(options?: { path?: string; headers?: Record<string, string>; protocols?: string[] }): Promise<TestClient>;
}

/** A WebSocket API over fake functions, listening on a free port until the test ends. */
export async function startTestWebSocketApi(
  fixture: WebSocketFixture = {},
  handlers: Readonly<Record<string, FakeHandler>> = {},
  options: Partial<WebSocketApiOptions> = {},
): Promise<TestWebSocketApi> {
  const clock = new ManualClock();
  const access: AccessEntry[] = [];
  const connections = options.connections ?? new ConnectionStore();
  const functions = fakeFunctions(handlers);
  const api = createWebSocketApi(webSocketApiResources(fixture), {
    invoke: functions.invoke,
    nowMs: () => clock.now(),
    region: REGION,
    accountId: ACCOUNT_ID,
    connections,
    onAccess: (entry) => access.push(entry),
    ...options,
  });
  const port = await api.listen(0);
  onTestFinished(() => api.close());
  const url = `ws://127.0.0.1:${port}`;
  return { api, url, connections, access, clock, connect, calls: functions.calls, principals: functions.principals };

  async function connect({ path = '/dev', headers = {}, protocols = [] } = {}): Promise<TestClient> {
    const socket = new WebSocket(`${url}${path}`, protocols, { headers });
    onTestFinished(() => socket.terminate());
    const client = clientOf(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)));
      });
    });
    return client;
  }
}

function clientOf(socket: WebSocket): TestClient {
  const received: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  let asked = 0;
  socket.on('message', (data) => {
    received.push(String(data));
    waiting.shift()?.(String(data));
  });
  return {
    socket,
    received,
    next() {
      const index = asked++;
      const known = received[index];
      return known === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(known);
    },
    closed: new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    }),
  };
}
