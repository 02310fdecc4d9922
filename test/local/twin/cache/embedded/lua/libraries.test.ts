import fc from 'fast-check';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cache, startCache } from '../../../../../../local/twin/cache/start-cache.ts';

/** Scripts that return text, whatever they compute; nothing of what the two Luas write differently. */
const SCRIPTS = [
  "return struct.pack('<I2i5I5', 513, -2, 1099511627775)",
  "return struct.pack('>I3i2Bb', 66051, -2, 255, -1)",
  "return struct.pack('<BI2', 513.9, 65537.2)",
  "return struct.pack('<i3', -1.9)",
  "return struct.pack('<I6', '12')",
  "return struct.pack('<lL', -1, 2^53)",
  "return struct.pack('<dxf', 0.1, 0.5)",
  "return struct.pack('<hH', -2, 65535)",
  "return struct.pack('sc3c0', 'a', 'bcde', 'fg')",
  "return struct.pack('!4 <BI4', 1, 2)",
  "return struct.pack('<d', 1e300)",
  "return tostring(struct.size('!BdBi2'))",
  "local a, b = struct.unpack('!4>BI4', '\\1xxx\\1\\2\\3\\4') return tostring(b)",
  "return tostring(struct.size('<I2i5I5xd'))",
  "local a, b, c, at = struct.unpack('<I2i5I5', struct.pack('<I2i5I5', 513, -2, 99)) return tostring(a) .. tostring(b) .. tostring(c) .. tostring(at)",
  "local a, at = struct.unpack('>I3', 'xx\\1\\2\\3', 3) return tostring(a) .. ' ' .. tostring(at)",
  "local a, b = struct.unpack('<Bc0', '\\3abcdef') return tostring(a) .. b",
  "local a, b = struct.unpack('sB', 'abc\\0\\7') return a .. tostring(b)",
  "return tostring(struct.unpack('<d', struct.pack('<d', 0.1)) == 0.1)",
  "return tostring(struct.unpack('<i5', struct.pack('<i5', -549755813888)) == -549755813888)",
  "return tostring(struct.unpack('<l', struct.pack('<l', -5)))",
  "return cjson.encode({1, 2.5, 'a', true, false, cjson.null})",
  'return cjson.encode({a = 1})',
  'return cjson.encode({})',
  "return cjson.encode('\"\\\\/\\n\\t\\1\\127é')",
  'return cjson.encode(0.1)',
  'return cjson.encode(1/3)',
  'return cjson.encode({[1] = 1, [3] = 3})',
  'return cjson.encode({[3] = 3})',
  "return cjson.encode({[1.5] = 'x'})",
  'return cjson.encode(2^53)',
  'return tostring(cjson.decode(ARGV[1])[1])',
  "return tostring(cjson.decode('[0.1]')[1] == 0.1)",
  "return tostring(cjson.decode('[1793491200123.25]')[1] == 1793491200123.25)",
  'return cjson.decode(\'["\\\\u00e9\\\\ud83d\\\\ude00\\\\\\\\u0041\\\\u0041"]\')[1]',
  "return tostring(cjson.decode('[null]')[1] == cjson.null)",
  "return type(cjson.decode('[null]')[1])",
  'return tostring(cjson.decode(\'{"a":{"b":[true,false,"x"]}}\').a.b[2])',
  "return tostring(#cjson.decode('[]'))",
  'return cjson.encode(cjson.decode(\'[1,[2,{"a":"b"}]]\'))',
];

const FAILURES = [
  "return struct.pack('I99', 1)",
  "return struct.pack('?', 1)",
  "return struct.pack('I2', {})",
  "return struct.pack('c5', 'abc')",
  "return struct.unpack('<I4', 'abc')",
  "return struct.unpack('s', 'abc')",
  "return struct.size('s')",
  "return cjson.decode('')",
  "return cjson.decode('{')",
  "return cjson.decode('[1,]')",
  'return cjson.encode(0/0)',
  'return cjson.encode(function() end)',
  'return cjson.encode({[100] = 1})',
  'return cjson.encode({[{}] = 1})',
  'local t = {} t[1] = t return cjson.encode(t)',
  'struct.pack = nil return 1',
  'cjson.decode = nil return 1',
];

describe('the libraries struct and cjson of the embedded cache', () => {
  let embedded: Cache;
  let server: Cache;
  const clients: Redis[] = [];
  beforeAll(async () => {
    embedded = await startCache({ embedded: true });
    // A server from the PATH, where there is one; else the comparison is with itself.
    server = await startCache();
    for (const { host, port } of [embedded, server]) clients.push(new Redis({ host, port }));
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await embedded.stop();
    await server.stop();
  });

  async function onBoth(script: string, ...args: (string | Buffer)[]): Promise<unknown[]> {
    return Promise.all(
      clients.map(async (client) => {
        const reply = await client.callBuffer('EVAL', script, 0, ...args);
        return Buffer.isBuffer(reply) ? reply.toString('latin1') : reply;
      }),
    );
  }

  it.each(SCRIPTS)('does as a server does: %s', async (script) => {
    const [ours, theirs] = await onBoth(script, '[1.25]');
    expect(ours).toEqual(theirs);
    expect(typeof ours).toBe('string');
  });

  it.each(FAILURES)('fails as on a server: %s', async (script) => {
    for (const client of clients) await expect(client.eval(script, 0)).rejects.toThrow();
  });

  it('packs any number as a server does', async () => {
    const formats = fc.constantFrom(
      '<I1',
      '<I2',
      '<i3',
      '<I4',
      '<i5',
      '<I5',
      '<i6',
      '>I7',
      '<i8',
      'B',
      'b',
      '<H',
      '<d',
      '<f',
    );
    const numbers = fc.oneof(
      fc.integer(),
      fc.integer({ min: -(2 ** 53), max: 2 ** 53 }),
      fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
    );
    await fc.assert(
      fc.asyncProperty(formats, numbers, async (format, number) => {
        const [ours, theirs] = await onBoth(
          "local text = struct.pack(ARGV[1], tonumber(ARGV[2])) return text .. string.format('%.17g', (struct.unpack(ARGV[1], text)))",
          format,
          String(number),
        );
        expect(ours).toBe(theirs);
      }),
    );
  });

  it('reads any JSON to the last bit, and bytes as they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string({ unit: 'binary' }),
        async (number, text) => {
          const [ours, theirs] = await onBoth(
            "local p = cjson.decode(ARGV[1]) return string.format('%.17g', p[1]) .. p[2]",
            JSON.stringify([number, text]),
          );
          expect(ours).toBe(theirs);
        },
      ),
    );
    const raw = Buffer.from('["\xff\x80"]', 'latin1');
    expect(await onBoth('return cjson.decode(ARGV[1])[1]', raw)).toEqual(['\xff\x80', '\xff\x80']);
  });
});
