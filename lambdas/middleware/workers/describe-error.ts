import { inspect } from 'node:util';
import { SET_ASIDE_ERROR_MAX_LENGTH } from '../../contract/set-aside.ts';

/** What SQS takes neither in a body nor in an attribute: control characters, halves of a surrogate pair, U+FFFE, U+FFFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_SENDABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** An error in one line that SQS takes as an attribute's value: its code or name, and its message. Never empty. */
export function describeError(error: unknown): string {
  const text = textOf(error).toWellFormed().replace(NOT_SENDABLE, '\ufffd');
  // A character beyond the basic plane is two units of a string, and cutting between them leaves half a pair.
  return text.slice(0, SET_ASIDE_ERROR_MAX_LENGTH).replace(/[\ud800-\udbff]$/, '') || 'unknown';
}

function textOf(error: unknown): string {
  if (!(error instanceof Error))
    return typeof error === 'string' ? error : inspect(error, { depth: 1, breakLength: Infinity });
  const { code } = error as { readonly code?: unknown };
  const name = typeof code === 'string' && code !== '' ? code : error.name;
  return error.message === '' ? name : `${name}: ${error.message}`;
}

/** Whether whoever threw it says that no further attempt will change anything. */
export function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false;
}
