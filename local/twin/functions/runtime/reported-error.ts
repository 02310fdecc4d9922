import type { ReportedError } from './environment-protocol.ts';

/** A fault of the bundle or of what it does, named as Lambda's runtime names it (`Runtime.ImportModuleError`, …). */
export class RuntimeError extends Error {
  constructor(name: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = name;
  }
}

/** What was thrown, as Lambda tells the caller. Anything may be thrown, so `errorType` may be `string` or `undefined`. */
export function reportedError(error: unknown): ReportedError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  // Without this runtime's own frames: its address is its whole text, and it is none of the function's business.
  const trace = String(error.stack ?? '')
    .split('\n')
    .filter((line) => !line.includes(import.meta.url));
  return { errorType: String(error.name), errorMessage: String(error.message), trace };
}

/** A rejection that nothing handled; the reason becomes the message, as text. */
export function unhandledRejection(reason: unknown): ReportedError {
  const error = new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason));
  const frames = reason instanceof Error ? reportedError(reason).trace.slice(1) : [];
  const { errorType, errorMessage } = reportedError(error);
  return { errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, ...frames] };
}
