/**
 * How every script of admission begins. `now` is the server's time in whole ms, the same for all environments; `p` the
 * plan, flat numbers as JSON (decoding it costs less than as many arguments); `values` what the keys hold.
 *
 * Script conventions: a part declares what its commit needs outside of its `do … end`, takes its numbers from `p` at
 * `at` and its values from `values` at `key`, and moves both on. It may raise `verdict`, and appends what the caller is
 * to know to `reply`. Parts are held against their TypeScript twins by property tests; only +, -, *, / and % are used on
 * numbers, in the same order, so that both give the same doubles.
 */
export const HEAD_PART = `
local call, pack, look = redis.call, struct.pack, struct.unpack
local time = call('TIME')
local now = time[1] * 1000 + time[2] / 1000
now = now - now % 1
local p = cjson.decode(ARGV[1])
local values = call('MGET', unpack(KEYS))
local at, key, verdict, reply = 1, 1, 0, ''
`;

/** What `verdict` may be; the script's only words. Only ADMITTED and PARKED take from limits. */
export const VERDICTS = ['admitted', 'limited', 'shed', 'parked', 'dependency'] as const;
