import fc from 'fast-check';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMISSION_BODY } from '../../../../lambdas/adapters/valkey/admission-script.ts';
import { createTokenBucket, decideAll, type TokenBucketState } from '../../../../lambdas/resilience/token-bucket.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';

/** The script with its clock replaced: the time comes as the last argument. */
const SCRIPT = `local now = ARGV[#ARGV] + 0.0\n${ADMISSION_BODY}`;

const limits = fc.record({
  ratePerSecond: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.3, max: 50, noNaN: true })),
  burst: fc.integer({ min: 1, max: 30 }),
});
const requests = fc.array(
  fc.record({
    // Microseconds, as the server's clock counts; now and then backwards.
    advanceUs: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 900_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: -700_000, max: 0 }) },
    ),
    cost: fc.integer({ min: 0, max: 6 }),
  }),
  { minLength: 1, maxLength: 25 },
);

// Lua 5.1 in a server from the PATH, where there is one, and Lua 5.4 in the embedded one.
describe.each([{ embedded: false }, { embedded: true }])(
  'the admission script (embedded: $embedded)',
  ({ embedded }) => {
    let cache: Cache;
    let client: Redis;
    let runs = 0;

    beforeAll(async () => {
      cache = await startCache({ embedded });
      client = new Redis({ host: cache.host, port: cache.port });
    });
    afterAll(async () => {
      client.disconnect();
      await cache.stop();
    });

    async function runScript(keys: readonly string[], checks: readonly (readonly number[])[], nowMs: number) {
      const reply = await client.eval(SCRIPT, keys.length, ...keys, ...checks.flat().map(String), String(nowMs));
      return reply as string[];
    }

    it('decides like the TypeScript twin, to the last bit, over random sequences', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(limits, { minLength: 1, maxLength: 3 }), requests, async (specs, sequence) => {
          const run = runs++;
          const keys = specs.map((_, index) => `{0}:twin:${run}:${index}`);
          const buckets = specs.map(({ ratePerSecond, burst }) => createTokenBucket(ratePerSecond, burst));
          let states: (TokenBucketState | undefined)[] = specs.map(() => undefined);
          let nowUs = 1_793_491_200_000_000;
          for (const { advanceUs, cost } of sequence) {
            nowUs += advanceUs;
            const nowMs = Math.floor(nowUs / 1e6) * 1_000 + (nowUs % 1e6) / 1_000;
            const twin = decideAll(
              buckets.map((bucket, index) => ({ bucket, state: states[index], cost })),
              nowMs,
            );
            states = twin.steps.map(({ state }) => state);
            const reply = await runScript(
              keys,
              specs.map(({ ratePerSecond, burst }) => [ratePerSecond, burst, cost]),
              nowMs,
            );
            expect(reply.map(Number)).toEqual([
              twin.allowed ? 1 : 0,
              ...twin.steps.flatMap(({ decision: { remaining, waitMs, resetMs } }) => [
                remaining,
                waitMs === Number.POSITIVE_INFINITY ? -1 : waitMs,
                resetMs,
              ]),
            ]);
          }
        }),
        { numRuns: 40 },
      );
    });

    it('lets every key end once its bucket is full again', async () => {
      await runScript(['{0}:ttl'], [[2, 10, 5]], 1_000);
      const ttl = await client.pttl('{0}:ttl');
      expect(ttl).toBeGreaterThan(2_500);
      expect(ttl).toBeLessThanOrEqual(3_500);
    });

    it('writes nothing on a denial', async () => {
      await runScript(['{0}:full'], [[1, 1, 1]], 1_000);
      const before = await client.get('{0}:full');
      expect(
        await runScript(
          ['{0}:full', '{0}:other'],
          [
            [1, 1, 1],
            [1, 9, 1],
          ],
          1_500,
        ),
      ).toEqual(['0', '0.5', '500', '500', '9', '0', '0']);
      expect(await client.get('{0}:full')).toBe(before);
      expect(await client.exists('{0}:other')).toBe(0);
    });
  },
);
