/** How a value of a template is printed: maps and lists as Java does it, `{a=1, b=[x, y]}`. */
export function printValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${key}=${printValue(item)}`);
  return `{${entries.join(', ')}}`;
}
