import type { ConnectionStore } from '../aws/connections/connection-store.ts';
import type { Invoke } from '../functions/invoke.ts';
import type { AccessEntry } from '../gateway/access-entry.ts';
import type { AccountThrottle } from '../gateway/model/account-throttle.ts';

export interface WebSocketApiOptions {
  readonly invoke: Invoke;
  /** Milliseconds since 1970; throttles, latencies and idle times go by it. */
  readonly nowMs: () => number;
  readonly region: string;
  readonly accountId: string;
  /** Where open connections are kept for the Management API: `aws.connections`. */
  readonly connections: ConnectionStore;
  /** Told about every handshake, message and disconnection after it was served. */
  readonly onAccess?: (access: AccessEntry) => void;
  /** The account's throttle, shared with other APIs. @default one of this API's own, of AWS's default size */
  readonly accountThrottle?: AccountThrottle;
  /** A connection on which nothing goes either way for so long is closed. @default 600,000: 10 minutes */
  readonly idleTimeoutMs?: number;
  /** A connection lives no longer than this. @default 7,200,000: 2 hours */
  readonly connectionMaxMs?: number;
}
