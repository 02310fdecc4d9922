import { stripVTControlCharacters } from 'node:util';
import { plainLine, type TerminalView, terminalChart } from './terminal-chart.ts';

export interface ScreenOptions {
  readonly write: (text: string) => void;
  /** Whether lines can be drawn over. */
  readonly isTerminal: boolean;
  /** Width, as long as it is known. */
  readonly columns: () => number | undefined;
}

/** Where lines cannot be drawn over, one is written every so many seconds. */
const PLAIN_EVERY_SECONDS = 2;
const ESCAPE = String.fromCharCode(27);
const COLOR_CODE = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

/** Draws the chart over itself on a terminal, and writes lines anywhere else. */
export class TerminalScreen {
  readonly #options: ScreenOptions;
  #drawnLines = 0;
  #saidSeconds = Number.NEGATIVE_INFINITY;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  show(view: TerminalView): void {
    const { write, isTerminal, columns } = this.#options;
    if (isTerminal) {
      const up = this.#drawnLines > 0 ? `${ESCAPE}[${this.#drawnLines}A` : '';
      const lines = terminalChart(view).map((line) => `${ESCAPE}[2K${clip(line, columns() ?? 120)}`);
      this.#drawnLines = lines.length;
      write(`${up}${lines.join('\n')}\n`);
    } else if (view.nowSeconds - this.#saidSeconds >= PLAIN_EVERY_SECONDS) {
      this.#saidSeconds = view.nowSeconds;
      write(`${plainLine(view)}\n`);
    }
  }

  /** A line that stays; the chart begins anew below it. */
  say(line: string): void {
    this.#drawnLines = 0;
    this.#options.write(`${line}\n`);
  }
}

/** A line that wraps would be two, and the next chart would be drawn over the wrong ones. */
function clip(line: string, columns: number): string {
  if (stripVTControlCharacters(line).length <= columns) return line;
  let shown = 0;
  let clipped = '';
  // Colour codes take no room.
  for (const part of line.split(COLOR_CODE)) {
    if (part.startsWith(ESCAPE)) clipped += part;
    else {
      clipped += part.slice(0, Math.max(0, columns - shown));
      shown += part.length;
    }
  }
  return clipped;
}
