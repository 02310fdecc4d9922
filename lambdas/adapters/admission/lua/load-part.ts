import { AIMD_BACKOFF } from '../../../resilience/load/aimd-limit.ts';
import {
  GRADIENT_KEEP,
  GRADIENT_LEAST,
  GRADIENT_MOVE,
  GRADIENT_QUEUE,
  GRADIENT_TOLERANCE,
  LONG_DECAY,
  LONG_DECAY_ABOVE,
} from '../../../resilience/load/gradient-limit.ts';
import { LEASE_EPOCHS, LEASE_ORIGIN_MS } from '../../../resilience/load/in-flight-leases.ts';
import {
  CROWDED_WEIGHT,
  DROPPED_RATIO,
  EASY_RATIO,
  LARGEST_LONG,
  LARGEST_RATIO,
  LONG_WEIGHT,
  SAMPLES_PER_FLIGHT,
  SHORT_WEIGHT,
  SMALLEST_RATIO,
} from '../../../resilience/load/limit-feedback.ts';
import {
  CRITICAL_PART,
  CRITICAL_PLACES,
  CRITICAL_SHARE,
  GUARDED_PART,
  GUARDED_PLACES,
  STEADY_FALL_PER_MS,
  STEADY_FALL_RANGE,
  STEADY_GROWTH_PER_MS,
  STEADY_USE,
} from '../../../resilience/load/load-pressure.ts';
import { LOWEST_POSITION } from '../../../resilience/load/priority-position.ts';
import type { Packed } from './packed.ts';
import { literal } from './script-numbers.ts';

/** `<I5 ms since 2020, d share, d limit, d short, d long, I4 epoch, I2 × 5 counts (newest first), I4 parked`. */
const LOAD_RECORD_FORMAT = '<I5ddddI4I2I2I2I2I2I4';
export const LOAD_RECORD_BYTES = 55;

/** `d shed share, I4 in flight, d limit, I4 parked, I4 lease epoch, I4 version of the controls`. */
const LOAD_REPLY_FORMAT = 'dI4dI4I4I4';
export const LOAD_REPLY_BYTES = 32;

/** The record moved on to `now`, as `advance` in `resilience/load/service-load.ts`. Needs `record`, `span`, `least`, `most` and `first`. */
const ADVANCE = `
    local since = now - ${LEASE_ORIGIN_MS}
    epoch = (since - since % span) / span
    at_ms, share, limit, short, long = since, 0, first, ${SMALLEST_RATIO}, ${SMALLEST_RATIO}
    n0, n1, n2, n3, n4, parked = 0, 0, 0, 0, 0, 0
    local elapsed = 0
    if record then
      local kept
      kept, share, limit, short, long, was, n0, n1, n2, n3, n4, parked = look('${LOAD_RECORD_FORMAT}', record)
      local steps = epoch - was
      if since > kept then elapsed = since - kept elseif steps > -${LEASE_EPOCHS} then at_ms = kept end
      if steps >= ${LEASE_EPOCHS} or steps <= -${LEASE_EPOCHS} then
        n0, n1, n2, n3, n4 = 0, 0, 0, 0, 0
      elseif steps > 0 then
        for _ = 1, steps do n0, n1, n2, n3, n4 = 0, n0, n1, n2, n3 end
      else epoch = was end
    end
    if limit < least then limit = least elseif limit > most then limit = most end
    running = n0 + n1 + n2 + n3 + n4
    places = ${CRITICAL_PLACES} + ${CRITICAL_PART} * limit
    if places > limit then places = limit end
    if running > limit + places then
      share = share + ${STEADY_GROWTH_PER_MS} * elapsed
    elseif share > ${CRITICAL_SHARE} then
      if running < limit then share = share - ${STEADY_FALL_PER_MS} * elapsed end
    else
      local excess = running / limit - ${STEADY_USE}
      if excess > 0 then
        excess = excess / (1 - ${STEADY_USE})
        if excess > 1 then excess = 1 end
        share = share + excess * ${STEADY_GROWTH_PER_MS} * elapsed
        if share > ${CRITICAL_SHARE} then share = ${CRITICAL_SHARE} end
      else
        local lack = -excess / ${STEADY_FALL_RANGE}
        if lack > 1 then lack = 1 end
        share = share - lack * ${STEADY_FALL_PER_MS} * elapsed
      end
    end
    if share < 0 then share = 0 elseif share > 1 then share = 1 end
`;

/** What is to be shed at this moment; sets `shed`, and what the controls say, `floor` and `version`. */
const SHED = `  local free = limit - running
  if free >= 1 then
    local guarded = ${GUARDED_PLACES} + ${GUARDED_PART} * limit
    if guarded > limit then guarded = limit end
    if free < guarded then shed = ${CRITICAL_SHARE} * (1 - free / guarded) end
  else
    local beyond = 1 - free
    shed = ${CRITICAL_SHARE}
    if beyond > places then
      shed = ${CRITICAL_SHARE} + (${CRITICAL_SHARE} * (beyond - places)) / places
      if shed > 1 then shed = 1 end
    end
  end
  if share > shed then shed = share end
  if header then
    local told
    version, told, floor = look('<I4dd', header)
    told = told * told * told
    if told > shed then shed = told end
  end
`;

/** What ADVANCE sets; `was` is the epoch of the record, if there is one. */
const STATE = 'local at_ms, share, limit, short, long, epoch, was, n0, n1, n2, n3, n4, parked, running, places';

/**
 * Keeps the state. A time to live costs as much as the rest of a write: it is longer by an epoch than needed, and set
 * once in each.
 */
function save(key: string, life: string): string {
  return `local kept = pack('${LOAD_RECORD_FORMAT}', at_ms, share, limit, short, long, epoch, n0, n1, n2, n3, n4, parked)
  if epoch == was then call('SET', ${key}, kept, 'KEEPTTL') else call('SET', ${key}, kept, 'PX', ${life}) end`;
}

/** Numbers of `decideLoad` that are the same for each request of a plan. */
export interface LoadPlan {
  readonly parkable: boolean;
  readonly readmitted: boolean;
  readonly epochMs: number;
  readonly lifeMs: number;
  /** Bounds and start of the limit. */
  readonly least: number;
  readonly most: number;
  readonly first: number;
  readonly parkedMax: number;
}

/** Where the script of admission finds what the load needs; all are expressions. */
export interface LoadNames {
  readonly key: string;
  readonly record: string;
  /** The header of the controls. */
  readonly header: string;
  readonly position: string;
}

/** The load's lines in the script of admission, and its part in what the reply packs. */
export interface LoadCode {
  readonly look: string;
  readonly reply: Packed;
  readonly commit: string;
}

/**
 * Sheds or parks what finds no place; twin of `decideLoad` in `resilience/load/service-load.ts`. Where `verdict` is 0 it
 * becomes 0, 2 or 3. The commit, once no limit has refused the request, takes the lease or the place among the parked.
 */
export function loadCode(plan: LoadPlan, { key, record, header, position }: LoadNames): LoadCode {
  const { parkable, readmitted, epochMs, lifeMs, least, most, first, parkedMax } = plan;
  const bounds = [epochMs, least, most, first].map(literal).join(', ');
  const refuse = parkable ? `verdict = parked < ${literal(parkedMax)} and 3 or 2` : 'verdict = 2';
  const leave = readmitted ? '\n  if parked > 0 then parked = parked - 1 end' : '';
  const take = parkable ? 'if verdict == 0 then n0 = n0 + 1 else parked = parked + 1 end' : `n0 = n0 + 1${leave}`;
  return {
    look: `${STATE}
local shed, floor, version = 0, ${LOWEST_POSITION}, 0
do
  local record, header = ${record}, ${header}
  local span, least, most, first = ${bounds}
${ADVANCE}${SHED}  if verdict == 0 then
    local position = ${position} + 0
    if position > ${LOWEST_POSITION} * (1 - shed) or position > floor then ${refuse} end
  end
end
`,
    reply: {
      format: LOAD_REPLY_FORMAT,
      values: ['shed', 'running', 'limit', 'parked', 'epoch', 'version'],
      bytes: LOAD_REPLY_BYTES,
    },
    commit: `if admit then
  ${take}
  ${save(key, literal(String(lifeMs)))}
end
`,
  };
}

/**
 * Takes a request out of the books, and lets the limit follow its latency; twin of `settleLoad`. Reads what
 * `planLoadSettlement` makes, and one key: the service's record. Says nothing.
 */
export const SETTLE_LOAD = `
if p[at] == 1 then
  local ending, ratio, lease, span, life, least, most, algorithm = unpack(p, at + 1, at + 8)
  local record, record_key, first = values[key], KEYS[key], least
  at, key = at + 9, key + 1
  if record then
    ${STATE}
    do${ADVANCE}    end
    if ending == 3 then
      if parked > 0 then parked = parked - 1 end
    else
      if ending < 2 then
        local sample = ratio
        if ending == 1 and sample < ${DROPPED_RATIO} then sample = ${DROPPED_RATIO} end
        if sample < ${SMALLEST_RATIO} then sample = ${SMALLEST_RATIO} end
        if sample > ${LARGEST_RATIO} then sample = ${LARGEST_RATIO} end
        short = short + (sample - short) * ${SHORT_WEIGHT}
        if 2 * running < limit then long = long + (sample - long) * ${LONG_WEIGHT} end
        if long > ${LONG_DECAY_ABOVE} * short then long = long * ${LONG_DECAY} end
        local following = limit
        if algorithm == 0 then
          local usual = long
          if usual > ${LARGEST_LONG} then usual = ${LARGEST_LONG} end
          local gradient = (${GRADIENT_TOLERANCE} * usual) / short
          if gradient < ${GRADIENT_LEAST} then gradient = ${GRADIENT_LEAST} elseif gradient > 1 then gradient = 1 end
          following = ${GRADIENT_KEEP} * limit + ${GRADIENT_MOVE} * (gradient * limit + ${GRADIENT_QUEUE})
          if following > limit and 2 * running < limit then following = limit end
        elseif ending == 1 or ratio > 1 then following = ${AIMD_BACKOFF} * limit
        elseif 2 * running >= limit then following = limit + 1 end
        local weight, beyond = ${SAMPLES_PER_FLIGHT} / limit, running - limit
        if weight > 1 or (following > limit and short <= ${EASY_RATIO}) then weight = 1 end
        if following < limit and beyond > places / 2 then
          if beyond > places then weight = 0 else weight = weight * ${CROWDED_WEIGHT} end
        end
        limit = limit + (following - limit) * weight
        if limit < least then limit = least elseif limit > most then limit = most end
      end
      local age = epoch - lease
      if age == 0 then if n0 > 0 then n0 = n0 - 1 end
      elseif age == 1 then if n1 > 0 then n1 = n1 - 1 end
      elseif age == 2 then if n2 > 0 then n2 = n2 - 1 end
      elseif age == 3 then if n3 > 0 then n3 = n3 - 1 end
      elseif age == 4 then if n4 > 0 then n4 = n4 - 1 end end
    end
    ${save('record_key', 'life')}
  end
else at = at + 1 end
`;
