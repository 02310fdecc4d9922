/** Writes a moment as a pattern says. */
export type FormatTime = (atMs: number) => string;

type Field = 'day' | 'fractionalSecond' | 'hour' | 'hour12' | 'minute' | 'month' | 'second' | 'year';
type Piece = string | { readonly field: Field; readonly digits: number };

/** Letters of Java's DateTimeFormatter that prefixes use. */
const FIELDS: Readonly<Record<string, Field>> = {
  H: 'hour',
  M: 'month',
  S: 'fractionalSecond',
  d: 'day',
  h: 'hour12',
  m: 'minute',
  s: 'second',
  u: 'year',
  y: 'year',
};
const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/g;

/**
 * Compiles a pattern of `!{timestamp:…}`.
 *
 * @throws RangeError where Java would refuse it, or the twin does not know it: names of months and days, weeks, zones.
 */
export function timestampFormat(pattern: string, timeZone = 'UTC'): FormatTime {
  if ([...pattern].filter((character) => character === "'").length % 2 === 1) {
    throw new RangeError(`'${pattern}' has a quote without an end`);
  }
  const pieces = [...pattern.matchAll(TOKEN)].map(([all, quoted, letter]) => pieceOf(pattern, all, quoted, letter));
  const inZone = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  });
  return (atMs) => {
    const parts = new Map(inZone.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return pieces.map((piece) => (typeof piece === 'string' ? piece : digitsOf(piece, parts))).join('');
  };
}

function pieceOf(pattern: string, all: string, quoted: string | undefined, letter: string | undefined): Piece {
  if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'");
  if (letter === undefined) return all;
  const field = FIELDS[letter];
  if (letter === 'Y') throw new RangeError(`'${pattern}' has Y, the year of weeks; write y`);
  if (field === undefined || (field === 'month' && all.length > 2)) {
    throw new RangeError(
      `'${pattern}' has '${all}', which the twin does not know; it knows y, u, M, d, H, h, m, s and S`,
    );
  }
  return { field, digits: all.length };
}

function digitsOf(
  { field, digits }: Exclude<Piece, string>,
  parts: ReadonlyMap<Intl.DateTimeFormatPartTypes, string>,
): string {
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '0';
  // Fractions are read from the left: S is tenths.
  if (field === 'fractionalSecond') return of('fractionalSecond').padEnd(digits, '0').slice(0, digits);
  if (field === 'year' && digits === 2) return of('year').slice(-2);
  const value = Number(of(field === 'hour12' ? 'hour' : field));
  return String(field === 'hour12' ? value % 12 || 12 : value).padStart(digits, '0');
}
