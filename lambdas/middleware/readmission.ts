import type { ParkedOrigin } from './exchange.ts';

/** A parked request on its way through the middlewares once more. */
export interface Readmission extends ParkedOrigin {
  /** Whether the store still counts it among the parked: not so where it was admitted before, and its function died. */
  readonly holdsPlace: boolean;
  /** What came of the claim; `none` until the request was admitted. */
  claimed: 'none' | 'ours' | 'refused';
  /** Set where another request with its idempotency key was being served: this one is to be taken up once more. */
  isElsewhere?: boolean;
  /** Begins the request. False where somebody else did, or its deadline has passed. */
  claim(): Promise<boolean>;
}

/** By event, as exchanges are: whether a request was parked is nothing that its caller could say in it. */
const readmissions = new WeakMap<object, Readmission>();

export function openReadmission(event: object, readmission: Readmission): void {
  readmissions.set(event, readmission);
}

/** The readmission of an event that comes out of the parking queue. */
export function findReadmission(event: object): Readmission | undefined {
  return readmissions.get(event);
}
