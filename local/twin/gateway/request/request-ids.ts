import { randomUUID } from 'node:crypto';

/** The names that one request has. */
export interface RequestIds {
  readonly requestId: string;
  /** `x-amz-apigw-id`. */
  readonly extendedRequestId: string;
  /** `Root=1-<time>-<96 bits>`, as X-Ray writes it. */
  readonly traceId: string;
}

/** Makes up the names of a request; the time of the trace is `nowMs`. */
export function createRequestIds(nowMs: number): RequestIds {
  const requestId = randomUUID();
  const digits = requestId.replaceAll('-', '');
  const seconds = Math.floor(nowMs / 1_000)
    .toString(16)
    .padStart(8, '0');
  return { requestId, extendedRequestId: `${digits.slice(0, 15)}=`, traceId: `Root=1-${seconds}-${digits.slice(8)}` };
}
