import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aws } from '../../../../../local/twin/aws/start-aws.ts';
import { type RunningAws, runAws } from '../../../../support/running-aws.ts';
import { startTestWebSocketApi } from '../../../../support/test-websocket-api.ts';

const MAX = 128 * 1_024;
const post = (ConnectionId: string, Data: string | Uint8Array) => new PostToConnectionCommand({ ConnectionId, Data });

let running: RunningAws;
let aws: Aws;
let client: ApiGatewayManagementApiClient;
beforeAll(async () => {
  running = await runAws();
  aws = running.aws;
  client = clientAt('');
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

/** A client of the address that `webSocketApiRules` put in the place of `https://<apiId>.execute-api…/<stage>`. */
function clientAt(path: string): ApiGatewayManagementApiClient {
  const options = running.clientOptions();
  return new ApiGatewayManagementApiClient({ ...options, endpoint: `${options.endpoint}${path}` });
}

async function connected() {
  const { connect, connections, clock, calls } = await startTestWebSocketApi(
    { routes: [{ key: '$connect' }, { key: '$disconnect' }] },
    {},
    { connections: aws.connections },
  );
  const socket = await connect({ headers: { 'User-Agent': 'test' } });
  const [connection] = connections.ofApi('a1b2c3d4e5');
  return { socket, id: connection?.id ?? '', connections, clock, calls };
}

async function errorOf(promise: Promise<unknown>): Promise<[string, number | undefined]> {
  const error = (await promise.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  )) as ApiGatewayManagementApiServiceException;
  return [error.name, error.$metadata?.httpStatusCode];
}

describe('connectionsService, through the SDK', () => {
  test('sends to an open connection', async () => {
    const { socket, id } = await connected();
    await client.send(post(id, 'grüße'));
    await clientAt('/a1b2c3d4e5/dev').send(post(id, new TextEncoder().encode('bytes')));
    expect([await socket.next(), await socket.next()]).toEqual(['grüße', 'bytes']);
  });

  test('tells who is connected, since when, and when something last went either way', async () => {
    const { id, clock } = await connected();
    clock.advance(5_000);
    await client.send(post(id, 'x'));
    expect(await client.send(new GetConnectionCommand({ ConnectionId: id }))).toMatchObject({
      ConnectedAt: new Date(Date.UTC(2026, 10, 1)),
      LastActiveAt: new Date(Date.UTC(2026, 10, 1) + 5_000),
      Identity: { SourceIp: '127.0.0.1', UserAgent: 'test' },
    });
  });

  test('closes a connection, which $disconnect hears of', async () => {
    const { socket, id, calls } = await connected();
    await client.send(new DeleteConnectionCommand({ ConnectionId: id }));
    expect((await socket.closed).code).toBe(1000);
    await expect
      .poll(() => calls.service?.at(-1)?.requestContext)
      .toMatchObject({
        eventType: 'DISCONNECT',
        disconnectStatusCode: 1000,
        disconnectReason: 'Connection Closed Normally',
      });
    expect(await errorOf(client.send(post(id, 'x')))).toEqual(['GoneException', 410]);
  });

  test('takes a message of 128 KB, and refuses one byte more', async () => {
    const { socket, id } = await connected();
    await client.send(post(id, 'x'.repeat(MAX)));
    expect(await socket.next()).toHaveLength(MAX);
    expect(await errorOf(client.send(post(id, 'x'.repeat(MAX + 1))))).toEqual(['PayloadTooLargeException', 413]);
  });

  test.each([
    ['PostToConnection', post('nobody=', 'x')],
    ['GetConnection', new GetConnectionCommand({ ConnectionId: 'nobody=' })],
    ['DeleteConnection', new DeleteConnectionCommand({ ConnectionId: 'nobody=' })],
  ])('fails in %s for a connection that is not open', async (_, command) => {
    // The union of commands is none that send() has an overload for.
    expect(await errorOf(client.send(command as PostToConnectionCommand))).toEqual(['GoneException', 410]);
  });

  test('fails for a connection of another API or stage', async () => {
    const { id } = await connected();
    for (const path of ['/another/dev', '/a1b2c3d4e5/prod']) {
      expect(await errorOf(clientAt(path).send(post(id, 'x')))).toEqual(['GoneException', 410]);
    }
  });

  test('fails while $connect is still running: the connection is not there yet', async () => {
    const seen: unknown[] = [];
    const { connect } = await startTestWebSocketApi(
      { routes: [{ key: '$connect' }] },
      {
        service: async ({ requestContext: { connectionId } }) => {
          seen.push(await errorOf(client.send(post(connectionId, 'early'))));
          return { statusCode: 200 };
        },
      },
      { connections: aws.connections },
    );
    await connect();
    expect(seen).toEqual([['GoneException', 410]]);
  });

  test('takes base64 from calls inside of the process, as blobs are in AWS JSON', async () => {
    const { socket, id } = await connected();
    await aws.call('execute-api', 'PostToConnection', { ConnectionId: id, Data: Buffer.from('hi').toString('base64') });
    expect(await socket.next()).toBe('hi');
  });
});
