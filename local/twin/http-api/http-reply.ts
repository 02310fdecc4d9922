/** An answer that goes out to the caller. */
export interface HttpReply {
  readonly kind: 'reply';
  readonly status: number;
  /** Names and values in the order of sending; a name may stand more than once. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
}
