import { LOG_VIEW_BYTES } from '../limit-codec.ts';
import type { Packed } from './packed.ts';

/** A log's numbers and names in a script; all are expressions. */
export interface LogNames {
  readonly number: number;
  readonly key: string;
  readonly value: string;
  readonly x: string;
  readonly y: string;
  readonly cost: string;
  readonly ttl: string;
}

/** The lines of one sliding log: the log is `total before the first entry, then time and total of each`, 5 bytes each. */
export interface LogCode {
  readonly look: string;
  readonly take: string;
  readonly write: string;
  /** What the reply says of it: used units, time of the newest and of the blocking entry. */
  readonly reply: Packed;
}

/**
 * A limit by all requests of a window: x ms, y units. As the totals run on, a search by halves finds what still counts,
 * and the last total of what does not is where the base has to be.
 */
export function logCode({ number, key, value, x, y, cost, ttl }: LogNames): LogCode {
  const of = (name: string) => `${name}${number}`;
  const [log, dropped, used, newest, blocking] = ['log', 'dropped', 'used', 'newest', 'blocking'].map(of) as [
    ...[string, string, string, string, string],
  ];
  const [total, fits] = [of('total'), of('fits')];
  return {
    look: `local ${log}, ${dropped}, ${used}, ${newest}, ${blocking}, ${total}, ${fits} = ${value}, 0, 0, 0, 0, 0, false
do
  local size, base = ${log} and #${log} or 5, 0
  local entries = (size - 5) / 10
  if ${log} then
    local high = entries
    while ${dropped} < high do
      local middle = (${dropped} + high) / 2
      middle = middle - middle % 1
      if look('<I5', ${log}, 6 + middle * 10) > t - ${x} then high = middle else ${dropped} = middle + 1 end
    end
    base, ${total} = look('<I5', ${log}, 1 + ${dropped} * 10), look('<I5', ${log}, size - 4)
    ${used} = ${total} - base
    if ${dropped} < entries then ${newest} = look('<I5', ${log}, size - 9) end
  end
  ${fits} = ${used} + ${cost} <= ${y}
  if not ${fits} and ${cost} <= ${y} then
    local low, high = ${dropped}, entries - 1
    while low < high do
      local middle = (low + high) / 2
      middle = middle - middle % 1
      if look('<I5', ${log}, 11 + middle * 10) - base >= ${used} + ${cost} - ${y} then high = middle else low = middle + 1 end
    end
    ${blocking} = look('<I5', ${log}, 6 + low * 10)
  end
end
`,
    take: `${total}, ${used} = ${total} + ${cost}, ${used} + ${cost}
${log} = ${log} and ${log}:sub(1 + ${dropped} * 10) or '\\0\\0\\0\\0\\0'
if ${newest} >= t then ${log} = ${log}:sub(1, -11) else ${newest} = t end`,
    write: `call('SET', ${key}, ${log} .. pack('<I5I5', ${newest}, ${total}), 'PX', ${ttl})`,
    reply: { format: 'I5I5I5', values: [used, newest, blocking], bytes: LOG_VIEW_BYTES },
  };
}
