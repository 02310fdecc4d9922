/**
 * What a worker says of a message that it sets aside, as message attributes of the dead letter; the body is as it was. All
 * are texts but `attempts`. A dead letter without them was moved by SQS itself, because its worker died each time.
 */
export const SetAside = {
  /** Code or name of the error, and its message. */
  error: 'error',
  /** How often it was delivered. */
  attempts: 'attempts',
  /** W3C trace id of the request that caused the work; absent where it had none. */
  traceId: 'traceId',
  /** ISO 8601. */
  setAsideAt: 'setAsideAt',
  /** Id of the message that it was; the same for two dead letters of one message. */
  sourceMessageId: 'sourceMessageId',
} as const;

/** Longest error that is kept, in characters. */
export const SET_ASIDE_ERROR_MAX_LENGTH = 256;
