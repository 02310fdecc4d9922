import fc from 'fast-check';

/*
 * Few keys and members, so that commands meet. Left out is what a real server may answer in any order (KEYS,
 * SMEMBERS), what depends on the instant (PTTL), and fractions without an exact binary form, where Redis 7.0 prints
 * 17 digits and Valkey the shortest form.
 */
const key = fc.constantFrom('a', 'b', 'c');
const field = fc.constantFrom('x', 'y', 'z', '\u0000\u00ff\r\n');
const integer = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(String),
  fc.constantFrom('9223372036854775807', '01', 'no'),
);
const text = fc.oneof(integer, fc.constantFrom('', 'text', '1.5', '\u00e9\r\n\u0000'));
const score = fc.oneof(
  fc.integer({ min: -4, max: 4 }).map(String),
  fc.constantFrom('0.5', '-2.25', 'inf', '-inf', '1e3', 'no'),
);
const bound = fc.oneof(
  score,
  score.map((value) => `(${value}`),
);
// Redis adds in 80-bit floats, the embedded server in decimals: alike only up to 64 binary digits.
const step = fc.constantFrom('1', '-2', '1e3', 'inf', 'no');
const tail = fc.constantFrom('', 'tail');
const seconds = fc.constantFrom('100', '200', '-1', '0', 'no');
const position = fc.integer({ min: -4, max: 4 }).map(String);

const words = (...parts: (string | fc.Arbitrary<string | readonly string[]>)[]): fc.Arbitrary<string[]> =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((parts) => parts.flat());
const oneOf = (...values: (readonly string[])[]) => fc.constantFrom(...values);
const some = (part: fc.Arbitrary<string>) => fc.array(part, { minLength: 1, maxLength: 3 });
const pairs = (first: fc.Arbitrary<string>, second: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(first, second), { minLength: 1, maxLength: 2 }).map((list) => list.flat());

const READ = 'local r = redis.pcall(unpack(ARGV)) if type(r) == "table" and r.err then return r.err end return r';

const anyRequest = fc.oneof(
  words(
    'SET',
    key,
    text,
    oneOf([], ['NX'], ['XX'], ['GET'], ['KEEPTTL'], ['NX', 'GET'], ['EX', '100'], ['PX', '0'], ['NX', 'XX']),
  ),
  words('GET', key),
  words('GETSET', key, text),
  words('GETDEL', key),
  words('GETEX', key, oneOf([], ['PERSIST'], ['EX', '100'], ['PX', '100000'], ['EX'], ['EX', '0'])),
  words('SETNX', key, text),
  words('SETEX', key, seconds, text),
  words('MGET', some(key)),
  words('MSET', pairs(key, text)),
  words('APPEND', key, tail),
  words('STRLEN', key),
  words(fc.constantFrom('INCR', 'DECR'), key),
  words(fc.constantFrom('INCRBY', 'DECRBY'), key, integer),
  words('INCRBYFLOAT', key, step),
  words(fc.constantFrom('DEL', 'UNLINK', 'EXISTS'), some(key)),
  words('TYPE', key),
  words('EXPIRE', key, seconds, oneOf([], ['NX'], ['XX'], ['GT'], ['LT'], ['XX', 'GT'], ['NX', 'XX'], ['no'])),
  words(fc.constantFrom('TTL', 'PERSIST', 'LLEN', 'HLEN', 'SCARD', 'ZCARD'), key),
  words('DBSIZE'),
  words('HSET', key, pairs(field, text)),
  words('HMSET', key, some(field)),
  words('HSETNX', key, field, text),
  words('HGET', key, field),
  words('HMGET', key, some(field)),
  words(fc.constantFrom('HGETALL', 'HKEYS', 'HVALS'), key),
  words('HDEL', key, some(field)),
  words('HEXISTS', key, field),
  words('HINCRBY', key, field, integer),
  words('HINCRBYFLOAT', key, field, step),
  words(fc.constantFrom('LPUSH', 'RPUSH'), key, some(text)),
  words(fc.constantFrom('LPOP', 'RPOP'), key, oneOf([], ['0'], ['2'], ['-1'], ['1', '2'])),
  words('LRANGE', key, position, position),
  words('SADD', key, some(field)),
  words('SREM', key, some(field)),
  words('SISMEMBER', key, field),
  words(
    'ZADD',
    key,
    oneOf([], ['NX'], ['XX'], ['GT', 'CH'], ['LT'], ['CH'], ['INCR'], ['NX', 'GT']),
    pairs(score, field),
  ),
  words('ZINCRBY', key, score, field),
  words('ZREM', key, some(field)),
  words(fc.constantFrom('ZSCORE', 'ZRANK'), key, field),
  words(
    'ZRANGE',
    key,
    position,
    position,
    oneOf([], ['WITHSCORES'], ['REV'], ['REV', 'WITHSCORES'], ['LIMIT', '0', '1']),
  ),
  words(
    'ZRANGE',
    key,
    bound,
    bound,
    'BYSCORE',
    oneOf([], ['WITHSCORES'], ['REV'], ['LIMIT', '1', '1'], ['LIMIT', '-1', '1']),
  ),
  words('ZREVRANGE', key, position, position),
  words(
    fc.constantFrom('ZRANGEBYSCORE', 'ZREVRANGEBYSCORE'),
    key,
    bound,
    bound,
    oneOf([], ['WITHSCORES'], ['LIMIT', '1', '-1']),
  ),
  words(fc.constantFrom('ZCOUNT', 'ZREMRANGEBYSCORE'), key, bound, bound),
  words('ZREMRANGEBYRANK', key, position, position),
  words(fc.constantFrom('MULTI', 'EXEC', 'DISCARD', 'UNWATCH')),
  words('WATCH', key),
  words('SELECT', fc.constantFrom('0', '1', '99')),
);

/** The same commands called by a client or from a script. */
export const anyRequests = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: anyRequest },
    { weight: 1, arbitrary: anyRequest.map((request) => ['EVAL', READ, '0', ...request]) },
  ),
  { minLength: 1, maxLength: 25 },
);
