/**
 * A condition that the person at the keyboard can change: a missing assembly, an unknown resource type, a used port.
 * Its message is a plain sentence, shown without a stack trace.
 */
export class TwinError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'TwinError';
    this.code = code;
  }
}
