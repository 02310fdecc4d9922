/** What a person can mend; the message is a plain sentence. */
export class OperatorError extends Error {
  /** 2 where the command line is wrong, else 1. */
  readonly exitCode: number;

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'OperatorError';
    this.exitCode = options.exitCode ?? 1;
  }
}

/** A mistake in the command line. */
export function usageError(message: string, cause?: unknown): OperatorError {
  return new OperatorError(`${message}; --help shows how it goes`, { exitCode: 2, cause });
}
