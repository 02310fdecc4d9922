import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { requiredString } from '../input.ts';
import type { Connection, ConnectionStore } from './connection-store.ts';

/** "Quotas for configuring and running a WebSocket API": message payload. */
export const MESSAGE_MAX_BYTES = 128 * 1_024;

/**
 * The API Gateway Management API: PostToConnection, GetConnection, DeleteConnection. A connection that never was and one
 * that is closed are both gone; one whose $connect is still running is not there yet, which is the same.
 */
export function connectionsService(store: ConnectionStore): AwsService {
  return {
    async PostToConnection(input) {
      const connection = find(input);
      const text = payload(input.Data);
      try {
        await connection.send(text);
      } catch {
        throw gone(connection.id);
      }
      return {};
    },
    GetConnection(input) {
      const { connectedAtMs, lastActiveAtMs, sourceIp, userAgent } = find(input);
      return {
        connectedAt: new Date(connectedAtMs).toISOString(),
        identity: { sourceIp, ...(userAgent !== undefined && { userAgent }) },
        lastActiveAt: new Date(lastActiveAtMs).toISOString(),
      };
    },
    DeleteConnection(input) {
      find(input).close();
      return {};
    },
  };

  /** Where the address names an API and a stage, the connection has to be one of theirs. */
  function find(input: Input): Connection {
    const id = requiredString(input, 'ConnectionId');
    const connection = store.get(id);
    const { ApiId = connection?.apiId, Stage = connection?.stage } = input;
    if (connection === undefined || connection.apiId !== ApiId || connection.stage !== Stage) throw gone(id);
    return connection;
  }
}

function gone(id: string): AwsError {
  return new AwsError('GoneException', `the connection ${id} is not open`, { statusCode: 410 });
}

function payload(data: unknown): string {
  // Over HTTP the body as it came; from inside of the process base64, as blobs are in AWS JSON.
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(String(data ?? ''), 'base64');
  if (bytes.length <= MESSAGE_MAX_BYTES) return bytes.toString();
  throw new AwsError(
    'PayloadTooLargeException',
    `a message has at most ${MESSAGE_MAX_BYTES} bytes, got ${bytes.length}; send it in parts`,
    { statusCode: 413 },
  );
}
