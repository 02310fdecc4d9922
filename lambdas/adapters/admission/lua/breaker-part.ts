import { HEAD_PART } from './head-part.ts';
import type { Packed } from './packed.ts';
import { literal } from './script-numbers.ts';

/**
 * What the store keeps of a breaker that has something wrong: `<B` phase (0 closed, 1 open, 2 half-open), `d` the end of
 * its wait or of its claim (ms), then one character per call in its window, `0` to `3` as `Outcome`. Twin of
 * `resilience/shared-breaker.ts`. While all is well there is no record, and nothing is read or written but that.
 *
 * A reply says of each breaker a code, the phase (3 disabled, 4 forced open) + 8 if the caller has claimed it + 16 if its
 * calls are to be recorded, and a detail: the claim, or while it is open the time that is left (ms).
 */
export const BREAKER_REPLY_BYTES = 9;
/** Numbers of each breaker in a plan: required (0 or 1), forced (0 nothing, 1 open, 2 disabled), claim and life in ms. */
export const BREAKER_PLAN_NUMBERS = 4;

/** What a breaker is called in a script, and what it is measured by; all are expressions. */
interface BreakerNames {
  readonly key: string;
  readonly record: string;
  readonly code: string;
  readonly detail: string;
  /** Whether a probe may be claimed. */
  readonly free: string;
  readonly leaseMs: string;
  readonly lifeMs: string;
}

const CODE_FORCED_OPEN = '4';
const CODE_DISABLED = '3';

/** Looks at one breaker that no lever forces; `refuse` is done where its calls are not let through. */
function lookAt({ record, code, detail, free }: BreakerNames, refuse: string): string {
  return `if ${record} then
  local phase, till = look('<Bd', ${record})
  ${code} = 16 + phase
  if (phase == 1 and now > till) or (phase == 2 and now >= till) then ${code}, ${free} = 18, true
  elseif phase ~= 0 then
    if phase == 1 then ${detail} = till - now + 1 end
    ${refuse}
  end
end
`;
}

/** Claims a half-open breaker for a request that is admitted. The window of a breaker that was half-open is kept. */
function claim({ key, record, code, detail, free, leaseMs, lifeMs }: BreakerNames): string {
  return `if ${free} and verdict == 0 then
  ${code}, ${detail} = 26, now + ${leaseMs}
  local phase, window = look('<B', ${record}), ''
  if phase == 2 then window = ${record}:sub(10) end
  call('SET', ${key}, pack('<Bd', 2, ${detail}) .. window, 'PX', ${lifeMs})
end
`;
}

/** The lines of one breaker in the script of admission, and its part in what the reply packs. */
export interface BreakerCode {
  /** May raise `verdict`. */
  readonly look: string;
  readonly commit: string;
  readonly reply: Packed;
}

function packed(code: string, detail: string): Packed {
  return { format: 'Bd', values: [code, detail], bytes: BREAKER_REPLY_BYTES };
}

/** @param plan its numbers, as `breakerPlan` makes them. @param number of the breaker in the script. */
export function breakerCode(plan: readonly number[], number: number, key: string, record: string): BreakerCode {
  const [required, forced, leaseMs = 0, lifeMs = 0] = plan;
  const refuse = required === 1 ? 'verdict = 4' : '';
  if (forced === 1) return { look: `${refuse}\n`, commit: '', reply: packed(CODE_FORCED_OPEN, '0') };
  if (forced === 2) return { look: '', commit: '', reply: packed(CODE_DISABLED, '0') };
  const names: BreakerNames = {
    ...{ key, record, code: `code${number}`, detail: `detail${number}`, free: `free${number}` },
    ...{ leaseMs: literal(leaseMs), lifeMs: literal(String(lifeMs)) },
  };
  const { code, detail, free } = names;
  return {
    look: `local ${code}, ${detail}, ${free} = 0, 0, false\n${lookAt(names, refuse)}`,
    commit: claim(names),
    reply: packed(code, detail),
  };
}

const LOOPED: BreakerNames = {
  ...{ key: 'KEYS[i]', record: 'record', code: 'code', detail: 'detail', free: 'free' },
  ...{ leaseMs: 'p[i * 4]', lifeMs: 'p[i * 4 + 1]' },
};

/**
 * Looks at breakers for code outside of requests, and claims those that are half-open. In `p`: how many, then the numbers
 * of each. Replies with code and detail of each in turn.
 */
export const BREAKER_LOOK_SCRIPT = `${HEAD_PART}
local views, verdict = {}, 0
for i = 1, #KEYS do
  local record, forced, code, detail, free = values[i], p[i * 4 - 1], 0, 0, false
  if forced == 1 then code = ${CODE_FORCED_OPEN}
  elseif forced == 2 then code = ${CODE_DISABLED}
  else
    ${lookAt(LOOPED, '')}${claim(LOOPED)}
  end
  views[i * 2 - 1], views[i * 2] = code, detail
end
return views
`;

/**
 * Records the calls of one request. In `p`, of each breaker: failure ratio, slow ratio, window, minimum of calls, open
 * time (ms), calls that half-open judges after, life of the record (ms), claim (0: none). ARGV from the second on: the
 * outcomes of each, one character per call. Replies with nothing.
 */
export const BREAKER_RECORD = `
for i = 1, #KEYS do
  local failure_ratio, slow_ratio, size, minimum, open_ms = p[at], p[at + 1], p[at + 2], p[at + 3], p[at + 4]
  local to_judge, life, claim = p[at + 5], p[at + 6], p[at + 7]
  local outcomes, record = ARGV[i + 1], values[i]
  local phase, till, window = 0, 0, ''
  if record then
    phase, till = look('<Bd', record)
    window = record:sub(10)
  end
  local claimant = phase == 2 and claim ~= 0 and till == claim
  if claimant then till = 0 end
  for n = 1, #outcomes do
    if phase == 0 or (phase == 2 and claimant) then
      window = window .. outcomes:sub(n, n)
      local least = minimum
      if phase == 2 then least = to_judge elseif #window > size then window = window:sub(-size) end
      local calls = #window
      local _, failures = window:gsub('[13]', '')
      local _, slow = window:gsub('[23]', '')
      if calls >= least then
        if failures / calls >= failure_ratio or slow / calls >= slow_ratio then
          phase, till, window = 1, now + open_ms, ''
        elseif phase == 2 then
          phase, window = 0, ''
        end
      end
      if phase == 0 and failures + slow == 0 then window = '' end
    end
  end
  local is_clean = phase == 0 and window == ''
  if not is_clean then
    local after = pack('<Bd', phase, till) .. window
    if after ~= record then call('SET', KEYS[i], after, 'PX', life) end
  elseif record then call('DEL', KEYS[i]) end
  at = at + 8
end
`;

export const BREAKER_RECORD_SCRIPT = `${HEAD_PART}${BREAKER_RECORD}`;
