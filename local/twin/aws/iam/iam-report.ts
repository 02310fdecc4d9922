import type { CountedDenial } from './denials.ts';
import type { UnusedGrant } from './grant-usage.ts';

/** What a run showed about permissions; plain JSON. */
export interface IamReport {
  readonly mode: 'enforce' | 'warn';
  /** Granted actions that nothing used. */
  readonly unused: readonly UnusedGrant[];
  /** Calls that were denied, or in `warn` would have been. */
  readonly denied: readonly CountedDenial[];
}

/** The report as a table for the end of a run; empty where there is nothing to say. */
export function formatIamReport({ mode, unused, denied }: IamReport): string {
  return [...denialLines(mode, denied), ...unusedLines(unused)].join('\n');
}

function denialLines(mode: IamReport['mode'], denied: readonly CountedDenial[]): string[] {
  if (denied.length === 0) return [];
  const title = mode === 'warn' ? 'Calls that IAM would deny in AWS:' : 'Calls that IAM denied:';
  return [title, ...denied.map(({ message, count }) => `  ${String(count).padStart(6)} × ${message}`)];
}

function unusedLines(unused: readonly UnusedGrant[]): string[] {
  if (unused.length === 0) return [];
  const byPlace = new Map<string, UnusedGrant[]>();
  for (const grant of unused) {
    const place = `${grant.role} ${grant.resource}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), grant]);
  }
  const rows = [...byPlace.values()].map((grants) => [
    grants[0]?.role ?? '',
    grants.map(({ action }) => action).join(', '),
    grants[0]?.resource ?? '',
  ]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [roleWidth, actionWidth] = [width(0), Math.min(width(1), 60)];
  return [
    'Granted, and used by nothing in this run:',
    ...rows.map(
      ([role = '', actions = '', resource = '']) =>
        `  ${role.padEnd(roleWidth)}  ${actions.padEnd(actionWidth)}  ${resource}`,
    ),
  ];
}
