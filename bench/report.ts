import { textTable } from '../local/demo/text-table.ts';
import type { Ratio } from './alternate.ts';

/** A ratio that a change must not exceed. */
export interface Bound {
  readonly what: string;
  readonly measured: number;
  readonly atMost: number;
}

/** Prints ratios to the first contestant with their spread over the rounds. */
export function printRatios(title: string, ratios: readonly Ratio[]): void {
  const rows = ratios.map((ratio) => [
    ratio.name,
    ratio.median.toFixed(2),
    `${ratio.min.toFixed(2)} – ${ratio.max.toFixed(2)}`,
    ratio.microseconds.toFixed(0),
  ]);
  process.stdout.write(`\n${title}\n${textTable([['', '× first', 'spread', 'µs (here, now)'], ...rows])}\n`);
}

/** Prints whether a bound holds, and makes the command fail where it does not. */
export function checkBound(bound: Bound): void {
  const holds = bound.measured <= bound.atMost;
  process.stdout.write(
    `${holds ? 'holds' : 'BROKEN'}: ${bound.what} ${bound.measured.toFixed(2)}, at most ${bound.atMost}\n`,
  );
  if (!holds) process.exitCode = 1;
}
