/** What a function logged at once, which may be several lines, or what the twin says about it (`platform`). */
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

/** ANSI colours that read well on dark and light terminals. */
const COLOURS = [36, 33, 35, 32, 34, 31];

/** A line as `--verbose` shows it: the function's name, in a colour of its own where the output is a terminal. */
export function formatLine(functionName: string, line: LogLine, isTerminal: boolean): string {
  const label = functionName.padEnd(24);
  if (!isTerminal) return `${label} ${line.text}`;
  const sum = [...functionName].reduce((total, character) => total + character.charCodeAt(0), 0);
  return `\u001b[${COLOURS[sum % COLOURS.length]}m${label}\u001b[0m ${line.text}`;
}
