/** What an error carries besides its type and message. */
export interface AwsErrorDetails {
  /** @default 400 */
  readonly statusCode?: number;
  /** Further members of the error's shape, such as `CancellationReasons`. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Code that services which spoke the query protocol once still send in `x-amzn-query-error`. */
  readonly queryCode?: string;
}

/** An error as an AWS service answers it: `__type`, message, status. */
export class AwsError extends Error {
  readonly type: string;
  readonly statusCode: number;
  readonly members: Readonly<Record<string, unknown>>;
  readonly queryCode: string | undefined;

  constructor(type: string, message: string, { statusCode = 400, members = {}, queryCode }: AwsErrorDetails = {}) {
    super(message);
    this.name = type;
    this.type = type;
    this.statusCode = statusCode;
    this.members = members;
    this.queryCode = queryCode;
  }
}

/** A fault of the twin itself is an `InternalFailure` that carries its message. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalFailure', `the twin failed: ${message}`, { statusCode: 500 });
}
