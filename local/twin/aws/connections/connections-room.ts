import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { ConnectionStore } from './connection-store.ts';
import { connectionsService } from './connections-service.ts';

export interface ConnectionsRoom extends AwsRoom {
  /** The WebSocket APIs put their open connections here. */
  readonly store: ConnectionStore;
}

/** `execute-api`: connections live as long as their sockets, so nothing is provisioned and nothing outlives the process. */
export function startConnections(_context: AwsContext): ConnectionsRoom {
  const store = new ConnectionStore();
  return { store, service: connectionsService(store), provision: () => {} };
}
