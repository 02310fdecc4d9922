import { HEAD_PART } from './head-part.ts';

/**
 * What the store keeps of a breaker that has something wrong: `<B` phase (0 closed, 1 open, 2 half-open), `d` the end of
 * its wait or of its claim (ms), then one character per call in its window, `0` to `3` as `Outcome`. Twin of
 * `resilience/shared-breaker.ts`.
 *
 * The part in the script of admission. In `p`: how many breakers, then of each whether it is required (0 or 1), what
 * levers force on it (0 nothing, 1 open, 2 disabled), the lease of its claim and the life of its record (ms). KEYS: one
 * for each. Of each, the reply has `BREAKER_REPLY_BYTES`: `<B` phase (3 disabled, 4 forced open) + 8 if the caller has
 * claimed it + 16 if its calls are to be recorded, and `d` the claim, or while it is open the time that is left (ms).
 */
export const BREAKER_LOOK = `
local breakers, breaker_at, breaker_key = p[at], at + 1, key
at = at + 1
do
  for _ = 1, breakers do
    local forced, record = p[at + 1], values[key]
    local blocked = forced == 1
    if record and forced == 0 then
      local phase, till = look('<Bd', record)
      if phase == 1 then blocked = now <= till elseif phase == 2 then blocked = now < till end
    end
    if blocked and p[at] == 1 and verdict == 0 then verdict = 4 end
    at, key = at + 4, key + 1
  end
end
`;

/** Claims half-open breakers for a request that is admitted, and tells it of all. Nothing is written while all are well. */
export const BREAKER_COMMIT = `
do
  local at, key = breaker_at, breaker_key
  for _ = 1, breakers do
    local forced, record = p[at + 1], values[key]
    local code, detail = 0, 0
    if forced == 1 then code = 4
    elseif forced == 2 then code = 3
    elseif record then
      local phase, till = look('<Bd', record)
      code = 16 + phase
      if (phase == 1 and now > till) or (phase == 2 and now >= till) then
        code = 18
        if verdict == 0 then
          code, detail = 26, now + p[at + 2]
          local window = ''
          if phase == 2 then window = record:sub(10) end
          call('SET', KEYS[key], pack('<Bd', 2, detail) .. window, 'PX', p[at + 3])
        end
      elseif phase == 1 then detail = till - now + 1 end
    end
    reply = reply .. pack('<Bd', code, detail)
    at, key = at + 4, key + 1
  end
end
`;

/** Of each breaker in the reply of a script. */
export const BREAKER_REPLY_BYTES = 9;
/** Numbers of each breaker in `p`. */
export const BREAKER_PLAN_NUMBERS = 4;

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

/** Both as scripts of their own, for code outside of requests. The first replies with code and detail of each in turn. */
export const BREAKER_LOOK_SCRIPT = `${HEAD_PART}${BREAKER_LOOK}${BREAKER_COMMIT}
local views = {}
for i = 1, breakers do
  views[i * 2 - 1], views[i * 2] = look('<Bd', reply, i * 9 - 8)
end
return views
`;
export const BREAKER_RECORD_SCRIPT = `${HEAD_PART}${BREAKER_RECORD}`;
