import { ENTRY_BYTES } from '../limit-codec.ts';
import type { LimiterCode, LimitNames } from './limiter-code.ts';
import type { Packed } from './packed.ts';

/** A limit in a subject's record. */
export interface RecordEntry {
  readonly number: number;
  readonly id: number;
  readonly code: LimiterCode;
  readonly names: LimitNames;
  /** Where in a script it is taken from: undefined nowhere, as it costs nothing; else the condition besides `admit`. */
  readonly spends: string | undefined;
}

/** The record of one subject; all but the entries are expressions. */
export interface RecordNames {
  readonly number: number;
  readonly key: string;
  readonly value: string;
  readonly ttl: string;
  /** In ascending order of their ids. */
  readonly entries: readonly RecordEntry[];
}

/**
 * Reads the states of a plan's limits. Mostly they are the first of their subject's record, side by side: then they are
 * read and written at one go. Else each is sought, since limits of other routes and services may lie between them.
 */
export function readRecord({ number, value, entries }: RecordNames): string {
  const [record, whole] = [`record${number}`, `whole${number}`];
  const states = entries.map(({ names }) => `${names.a}, ${names.b}, ${names.c}`).join(', ');
  const places = entries.map((entry) => `from${entry.number}, to${entry.number}`).join(', ');
  const declared = `local ${record}, keep${number}, ${whole} = ${value} or '', true, false
local ${states}
local ${places}
`;
  const sought = entries.map((entry, index) => seek(entry, record, entries[index - 1])).join('');
  if (!entries.every(isPlain)) return `${declared}do${FIND}${sought}end\n`;
  const ids = entries.map((entry) => `id${entry.number}`);
  const all = entries.map(({ names, code }, index) => [ids[index], ...valuesOf(names, code)].join(', ')).join(', ');
  const isWhole = entries.map(({ id }, index) => `${ids[index]} == ${id}`).join(' and ');
  return `${declared}if #${record} >= ${entries.length * ENTRY_BYTES} then
  local ${ids.join(', ')}
  ${all} = look('<${formatOf(entries)}', ${record})
  ${whole} = ${isWhole}
end
if not ${whole} then${FIND}${sought}end
`;
}

/** Whether it is taken from whenever a request is admitted. */
function isPlain({ spends }: RecordEntry): boolean {
  return spends === 'true';
}

/** Where an entry is in a record, from one place to another, or where it would have to be put in. */
const FIND = `
  local function find(record, id, from)
    while from < #record do
      local found = look('<I2', record, from)
      if found == id then return from, from + ${ENTRY_BYTES} end
      if found > id then break end
      from = from + ${ENTRY_BYTES}
    end
    return from, from
  end
`;

function seek({ number, id, names, code }: RecordEntry, record: string, before: RecordEntry | undefined): string {
  const [from, to] = [`from${number}`, `to${number}`];
  return `  ${from}, ${to} = find(${record}, ${id}, ${before === undefined ? 1 : `to${before.number}`})
  if ${to} > ${from} then ${valuesOf(names, code).join(', ')} = look('<${code.format}', ${record}, ${from} + 2)
  else ${names.a} = nil end
`;
}

/** All entries as they are after the decision: what the caller is told, and what is kept. */
export function packedRecord({ entries }: RecordNames): Packed {
  return {
    format: formatOf(entries),
    values: entries.flatMap(({ id, names, code }) => [String(id), ...valuesOf(names, code)]),
    bytes: entries.length * ENTRY_BYTES,
  };
}

/**
 * Writes what was taken from, and leaves the rest of the record as it is. Setting a time to live costs as much as the
 * value itself, so it is twice as long as a limit needs, and set anew only by what begins another such period, or another
 * window. What others have counted in the record lives at least as long as they have said.
 * @param from where the reply has its entries
 */
export function writeRecord({ number, key, ttl, entries }: RecordNames, from: number): string {
  const spending = entries.filter(({ spends }) => spends !== undefined);
  if (spending.length === 0) return '';
  const [record, whole, keep, value] = ['record', 'whole', 'keep', 'value'].map((name) => `${name}${number}`);
  const put = spending.map((entry) => `    ${putEntry(entry, entries, number)}\n`).join('');
  const size = entries.length * ENTRY_BYTES;
  const isPlainRecord = entries.every(isPlain);
  const isAny = isPlainRecord ? '' : ` and (${spending.map(({ spends }) => spends).join(' or ')})`;
  // What was not taken from is left out where it was not there, so that the size tells nothing of others.
  const isShared = isPlainRecord ? `#${value} > ${size}` : `${record} ~= ''`;
  return `if admit${isAny} then
  local block = reply:sub(${from + 1}, ${from + size})
  local ${value} = block
  if not ${whole} then
    local last = 1
    ${value} = ''
${put}    ${value} = ${value} .. ${record}:sub(last)
  elseif #${record} > ${size} then ${value} = ${value} .. ${record}:sub(${size + 1}) end
  if ${keep} then call('SET', ${key}, ${value}, 'KEEPTTL')
  else
    local ttl = ${ttl}
    if ${isShared} then
      local left = call('PTTL', ${key})
      if left > tonumber(ttl) then ttl = left end
    end
    call('SET', ${key}, ${value}, 'PX', ttl)
  end
end
`;
}

function putEntry({ number, spends }: RecordEntry, entries: readonly RecordEntry[], record: number): string {
  const place = entries.findIndex((entry) => entry.number === number) * ENTRY_BYTES;
  const bytes = `block:sub(${place + 1}, ${place + ENTRY_BYTES})`;
  const put = `value${record}, last = value${record} .. record${record}:sub(last, from${number} - 1) .. ${bytes}, to${number}`;
  return spends === 'true' ? put : `if ${spends} then ${put} end`;
}

function formatOf(entries: readonly RecordEntry[]): string {
  return entries.map(({ code }) => `I2${code.format}`).join('');
}

function valuesOf({ a, b, c }: LimitNames, { values }: LimiterCode): string[] {
  return values === 2 ? [a, b] : [a, b, c];
}
