import type { CallAws } from '../aws/dispatcher.ts';
import type { Invoke } from '../functions/invoke.ts';
import type { AccessEntry } from '../gateway/access-entry.ts';
import type { AccountThrottle } from '../gateway/model/account-throttle.ts';

export interface HttpApiOptions {
  readonly invoke: Invoke;
  /** For service integrations, as the role of the integration. */
  readonly callAws: CallAws;
  /** Milliseconds since 1970; throttles, caches, tokens and latencies all go by it. */
  readonly nowMs: () => number;
  readonly region: string;
  readonly accountId: string;
  /** Told about every request after its answer. */
  readonly onAccess?: (access: AccessEntry) => void;
  /** The account's throttle, shared with other APIs. @default one of this API's own, of AWS's default size */
  readonly accountThrottle?: AccountThrottle;
  /** Turns deployed addresses of this twin's APIs into local ones: issuers and targets of HTTP_PROXY. @default leaves them */
  readonly localize?: (url: string) => string;
}
