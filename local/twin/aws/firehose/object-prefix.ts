import { randomBytes } from 'node:crypto';
import { timestampFormat } from './timestamp-format.ts';

/** The beginning of an object's key, by when its oldest record arrived. */
export type EvaluatePrefix = (oldestMs: number) => string;

const EXPRESSION = /!\{([^:}]*):([^}]*)\}/g;
/** Where a prefix names no time. */
const BY_HOUR = '!{timestamp:yyyy/MM/dd/HH/}';
const RANDOM_LENGTH = 11;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Compiles a prefix ("Custom Prefixes for Amazon S3 Objects"); one without a time gets year, month, day and hour behind it.
 *
 * @throws RangeError in a clause that says what is wrong with it.
 */
export function objectPrefix(prefix: string, timeZone: string): EvaluatePrefix {
  const hasTime = [...prefix.matchAll(EXPRESSION)].some(([, namespace]) => namespace === 'timestamp');
  const template = hasTime ? prefix : prefix + BY_HOUR;
  const pieces: EvaluatePrefix[] = [];
  let end = 0;
  for (const match of template.matchAll(EXPRESSION)) {
    const literal = template.slice(end, match.index);
    pieces.push(() => literal, expression(match[0], match[1] ?? '', match[2] ?? '', timeZone));
    end = match.index + match[0].length;
  }
  const rest = template.slice(end);
  return (oldestMs) => pieces.map((piece) => piece(oldestMs)).join('') + rest;
}

function expression(all: string, namespace: string, value: string, timeZone: string): EvaluatePrefix {
  if (namespace === 'timestamp') return timestampFormat(value, timeZone);
  if (namespace === 'firehose' && value === 'random-string') return () => randomString();
  if (all === '!{firehose:error-output-type}') throw new RangeError(`${all} is for ErrorOutputPrefix`);
  if (namespace.startsWith('partitionKeyFrom'))
    throw new RangeError(`${all} needs dynamic partitioning, which is not there`);
  throw new RangeError(`${all} is no expression of Firehose`);
}

/** What Firehose asks of the prefix of failures, beside that of what succeeds. @throws RangeError as above */
export function checkErrorPrefix(prefix: string, errorPrefix: string | undefined): void {
  const has = (text: string): boolean => text.search(EXPRESSION) >= 0;
  if (errorPrefix === undefined) {
    if (has(prefix)) throw new RangeError('a Prefix with expressions needs an ErrorOutputPrefix');
    return;
  }
  if (has(errorPrefix) && !errorPrefix.includes('!{firehose:error-output-type}')) {
    throw new RangeError('an ErrorOutputPrefix with expressions needs !{firehose:error-output-type} among them');
  }
}

/** Alphanumeric; another one for each expression. */
function randomString(): string {
  return [...randomBytes(RANDOM_LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
