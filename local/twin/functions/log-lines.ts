import type { Readable } from 'node:stream';

/** A line that a function printed, or that the twin says about it (`platform`). */
export interface LogLine {
  readonly source: 'stdout' | 'stderr' | 'platform';
  readonly text: string;
  readonly atMs: number;
}

/** Lines kept per function for the console. */
const KEPT_LINES = 200;

/** The last lines of one function. */
export class RecentLines {
  readonly #lines: LogLine[] = [];

  add(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  latest(count: number): readonly LogLine[] {
    return this.#lines.slice(-count);
  }
}

/** Calls `onLine` for each line of a stream, and for an unfinished one when the stream ends. */
export function splitLines(stream: Readable, onLine: (text: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

/** ANSI colours that read well on dark and light terminals. */
const COLOURS = [36, 33, 35, 32, 34, 31];

/** A line as `--verbose` shows it: the function's name, in a colour of its own where the output is a terminal. */
export function formatLine(functionName: string, line: LogLine, isTerminal: boolean): string {
  const label = functionName.padEnd(24);
  if (!isTerminal) return `${label} ${line.text}`;
  const sum = [...functionName].reduce((total, character) => total + character.charCodeAt(0), 0);
  return `\u001b[${COLOURS[sum % COLOURS.length]}m${label}\u001b[0m ${line.text}`;
}
