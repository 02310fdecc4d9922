/** Lays rows out as a table for a terminal: the first row is the head; numbers are right-aligned. */
export function textTable(rows: readonly (readonly (string | number)[])[]): string {
  const head = rows[0] ?? [];
  const widths = head.map((_cell, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  const line = (row: readonly (string | number)[]) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n');
}
