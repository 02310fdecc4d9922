/** What a `ServiceError` is made of, apart from its message. */
export interface ServiceErrorOptions {
  /** HTTP status of the answer. */
  readonly statusCode: number;
  /** Whether the message may be shown to the caller; by default only for 4xx. */
  readonly expose?: boolean;
  /** Further response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The one base of errors that a handler throws on purpose. `code` ends up in the problem's `type`. */
export class ServiceError extends Error {
  readonly code: string;
  readonly statusCode: number;
  readonly expose: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, message: string, options: ServiceErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.statusCode = options.statusCode;
    this.expose = options.expose ?? options.statusCode < 500;
    this.headers = options.headers ?? {};
  }
}
