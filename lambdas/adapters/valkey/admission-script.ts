import { createHash } from 'node:crypto';

/** Where the script has its time from: the server's clock, in ms with fractions, the same for all environments. */
export const SERVER_CLOCK = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
`;

/**
 * Takes from all token buckets or from none. Twin of `resilience/token-bucket.ts`: same formulas, same order of
 * operations, so that both give the same doubles.
 *
 * KEYS: one per bucket. ARGV: rate per second, burst and cost of each bucket in turn.
 * Reply: `1` or `0`, then remaining tokens, wait in ms (-1: never) and reset in ms of each bucket, as text.
 *
 * State is the text `<tokens> <ms>`. Numbers are written with 17 digits, because Lua's own conversion keeps 14. A key
 * lives until its bucket would be full, plus a second: a full bucket and no bucket are the same, and the store may
 * evict nothing that has no end. Nothing is written on a denial. `+ 0.0` keeps Lua 5.4 from computing with integers.
 */
export const ADMISSION_BODY = `
local count = #KEYS
local held, last = {}, {}
local allowed = true
for i = 1, count do
  local rate, burst, cost = ARGV[i * 3 - 2] + 0.0, ARGV[i * 3 - 1] + 0.0, ARGV[i * 3] + 0.0
  local state = redis.call('GET', KEYS[i])
  local tokens, at = burst, now
  if state then
    local text, time = string.match(state, '^(%S+) (%S+)$')
    at = time + 0.0
    tokens = math.min(burst, text + math.max(0.0, now - at) * rate / 1000)
  end
  held[i], last[i] = tokens, at
  if tokens < cost then allowed = false end
end
local reply = { allowed and '1' or '0' }
for i = 1, count do
  local rate, burst, cost = ARGV[i * 3 - 2] + 0.0, ARGV[i * 3 - 1] + 0.0, ARGV[i * 3] + 0.0
  local tokens, wait = held[i], 0.0
  if tokens < cost then
    if cost > burst then wait = -1.0 else wait = (cost - tokens) * 1000 / rate end
  end
  if allowed then tokens = tokens - cost end
  local reset = (burst - tokens) * 1000 / rate
  if allowed then
    local state = string.format('%.17g %.17g', tokens, math.max(now, last[i]))
    redis.call('SET', KEYS[i], state, 'PX', string.format('%.0f', math.ceil(reset) + 1000))
  end
  reply[#reply + 1] = string.format('%.17g', tokens)
  reply[#reply + 1] = string.format('%.17g', wait)
  reply[#reply + 1] = string.format('%.17g', reset)
end
return reply
`;

/** The whole script, as it runs in the store. */
export const ADMISSION_SCRIPT = `${SERVER_CLOCK}${ADMISSION_BODY}`;

/** Name under which a store that has seen the script keeps it. */
export const ADMISSION_SHA = createHash('sha1').update(ADMISSION_SCRIPT).digest('hex');
