import { textTable } from '../text-table.ts';
import type { Verdict } from './verdicts.ts';

/** The figures for a terminal. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ isMet, title, wanted, measured }) => [
    isMet ? 'met' : 'MISSED',
    title,
    wanted,
    measured,
  ]);
  return textTable([['', 'figure', 'wanted', 'measured'], ...rows]);
}
