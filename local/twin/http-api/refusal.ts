/** Names of the causes, as REST APIs call them: HTTP APIs have no gateway responses, but people read the same words. */
export type RefusalType =
  | 'ACCESS_DENIED'
  | 'AUTHORIZER_CONFIGURATION_ERROR'
  | 'AUTHORIZER_FAILURE'
  | 'DEFAULT_4XX'
  | 'DEFAULT_5XX'
  | 'INTEGRATION_FAILURE'
  | 'INTEGRATION_TIMEOUT'
  | 'REQUEST_TOO_LARGE'
  | 'RESOURCE_NOT_FOUND'
  | 'THROTTLED'
  | 'UNAUTHORIZED';

/** An answer of the API itself, in place of an integration's. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly type: RefusalType;
  readonly status: number;
  /** What the caller reads. */
  readonly message: string;
  /** A sentence for whoever runs the twin. */
  readonly reason: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly throttle?: { readonly level: 'stage-method' | 'account'; readonly limit: string };
}

const ANSWERS: Readonly<Record<RefusalType, readonly [status: number, message: string]>> = {
  ACCESS_DENIED: [403, 'Forbidden'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal Server Error'],
  AUTHORIZER_FAILURE: [500, 'Internal Server Error'],
  DEFAULT_4XX: [400, 'Bad Request'],
  DEFAULT_5XX: [500, 'Internal Server Error'],
  INTEGRATION_FAILURE: [500, 'Internal Server Error'],
  INTEGRATION_TIMEOUT: [503, 'Service Unavailable'],
  REQUEST_TOO_LARGE: [413, 'Request Entity Too Large'],
  RESOURCE_NOT_FOUND: [404, 'Not Found'],
  THROTTLED: [429, 'Too Many Requests'],
  UNAUTHORIZED: [401, 'Unauthorized'],
};

type Changes = Partial<Pick<Refusal, 'status' | 'message' | 'headers' | 'throttle'>>;

/** A refusal of a type, with AWS's status and message unless this case has others. */
export function refuse(type: RefusalType, reason: string, changes: Changes = {}): Refusal {
  const [status, message] = ANSWERS[type];
  return { kind: 'refusal', type, status, message, reason, ...changes };
}
