import type { DeadLetter } from './dead-letter.ts';
import { usageError } from './operator-error.ts';

/** Which dead letters are meant; all conditions have to hold. */
export interface Selection {
  /** In the error: a text as it stands there, or `/an expression/`, with `i` behind it in any case. */
  readonly error?: string | undefined;
  /** Set aside earlier than this, in ms since the epoch. */
  readonly beforeMs?: number | undefined;
  /** Set aside at this time or later, in ms since the epoch. */
  readonly afterMs?: number | undefined;
}

export type Select = (letter: DeadLetter) => boolean;

/** @throws OperatorError for an expression that is none */
export function selectLetters({ error, beforeMs, afterMs }: Selection): Select {
  const isMeant = matcher(error);
  return (letter) =>
    isMeant(letter.error ?? '') &&
    (beforeMs === undefined || letter.setAsideAtMs < beforeMs) &&
    (afterMs === undefined || letter.setAsideAtMs >= afterMs);
}

function matcher(error: string | undefined): (text: string) => boolean {
  if (error === undefined) return () => true;
  const expression = /^\/(.+)\/(i?)$/s.exec(error);
  if (expression === null) return (text) => text.includes(error);
  const [, source = '', flags] = expression;
  try {
    const pattern = new RegExp(source, flags);
    return (text) => pattern.test(text);
  } catch (cause) {
    throw usageError(`--error must be a text or an /expression/, got '${error}': ${(cause as Error).message}`, cause);
  }
}
