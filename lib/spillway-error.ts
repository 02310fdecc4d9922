import type { IConstruct } from 'constructs';

/**
 * The one error that constructs throw at synth. `code` is stable and meant for programs; the message is a sentence in
 * lower case that names the wrong value, the accepted ones and what to change. With a scope, the construct's path is
 * appended in brackets, so that the reader finds the line to edit.
 */
export class SpillwayError extends Error {
  readonly code: string;
  /** Path of the construct that refused; absent where the fault lies in a value that belongs to no construct yet. */
  readonly constructPath: string | undefined;

  constructor(code: string, message: string, scope?: IConstruct) {
    const path = scope?.node.path;
    super(path ? `${message} [${path}]` : message);
    this.name = 'SpillwayError';
    this.code = code;
    this.constructPath = path || undefined;
  }
}
