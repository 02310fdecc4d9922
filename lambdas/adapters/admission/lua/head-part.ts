/** `now` is the server's time in whole ms, the same for all environments. */
export const CLOCK_PART = `
local call, pack, look = redis.call, struct.pack, struct.unpack
local time = call('TIME')
local now = time[1] * 1000 + time[2] / 1000
now = now - now % 1
`;

/**
 * How scripts begin that are written once for all that they are asked: `p` is what they are asked, flat numbers as JSON
 * (decoding it costs less than as many arguments), which parts read from `at` on; `values` what the keys hold, from `key` on.
 *
 * Parts are held against their TypeScript twins by property tests; only +, -, *, / and % are used on numbers, in the same
 * order, so that both give the same doubles.
 */
export const HEAD_PART = `${CLOCK_PART}
local p = cjson.decode(ARGV[1])
local values = call('MGET', unpack(KEYS))
local at, key = 1, 1
`;

/** What `verdict` may be; the script's only words. Only ADMITTED and PARKED take from limits. */
export const VERDICTS = ['admitted', 'limited', 'shed', 'parked', 'dependency'] as const;
