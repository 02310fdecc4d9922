import fc from 'fast-check';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEAD_PART, VERDICTS } from '../../../../../lambdas/adapters/admission/lua/head-part.ts';
import {
  decodeLoadRecord,
  encodeLoadRecord,
  planLoad,
  planLoadSettlement,
  readLoadReply,
} from '../../../../../lambdas/adapters/admission/lua/load-codec.ts';
import {
  LOAD_COMMIT,
  LOAD_LOOK,
  LOAD_RECORD_BYTES,
  LOAD_REPLY_BYTES,
  SETTLE_LOAD,
} from '../../../../../lambdas/adapters/admission/lua/load-part.ts';
import { encodeControlsHeader } from '../../../../../lambdas/adapters/controls/controls-header.ts';
import {
  decideLoad,
  type LoadControls,
  type LoadEnding,
  type LoadRequest,
  type LoadState,
  NO_CONTROLS,
  type ServiceLoad,
  settleLoad,
} from '../../../../../lambdas/resilience/load/service-load.ts';
import { type Cache, startCache } from '../../../../../local/twin/cache/start-cache.ts';
import {
  loadControls,
  loadEndings,
  loadRequests,
  loadStates,
  loadSteps,
  serviceLoads,
} from '../../../../support/load-arbitraries.ts';

/** The scripts with their clock replaced: the time comes as the last argument. Another part may refuse after the look. */
const HEAD = HEAD_PART.replace(/local time = [\s\S]*?now % 1\n/, 'local now = ARGV[#ARGV] + 0.0\n');
const REFUSE = `if ARGV[3] ~= '0' then verdict = ARGV[3] + 0 end\n`;
const DECIDE = `${HEAD}${LOAD_LOOK}${REFUSE}${LOAD_COMMIT}return pack('<B', verdict) .. reply .. pack('<BB', at, key)`;
const BEFORE = `${HEAD}verdict = 4\n${LOAD_LOOK}${LOAD_COMMIT}return pack('<B', verdict) .. reply`;
const SETTLE = `${HEAD}${SETTLE_LOAD}return pack('<BB', at, key)`;
const NOW_MS = Date.UTC(2026, 10, 22);

const LOAD: ServiceLoad = { algorithm: 'gradient', min: 2, max: 8, initial: 4, leaseMs: 4_000, parkedMax: 1 };
const REQUEST: LoadRequest = { position: 30, parkable: false, readmitted: false };

// Lua 5.1 in a server from the PATH, where there is one, and Lua 5.4 in the embedded one.
describe.each([{ embedded: false }, { embedded: true }])('the load part (embedded: $embedded)', ({ embedded }) => {
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

  const newKeys = (): readonly [string, string] => [`{0}s:${runs}`, `{0}controls:${runs++}`];

  async function decide(
    [record, controls]: readonly [string, string],
    load: ServiceLoad | undefined,
    nowMs: number,
    request: LoadRequest = REQUEST,
    refusal = 0,
    script = DECIDE,
  ) {
    const keys = [record, controls];
    const plan = JSON.stringify([...planLoad(load, request), 7]);
    const parts = [plan, String(request.position), String(refusal), String(nowMs)];
    const reply = (await client.callBuffer('EVAL', script, keys.length, ...keys, ...parts)) as Buffer;
    const outcome = VERDICTS[reply[0] ?? -1];
    return { outcome, reply, load: reply.length > LOAD_REPLY_BYTES ? readLoadReply(reply, 1) : undefined };
  }

  async function settle(keys: readonly [string, string], load: ServiceLoad, nowMs: number, ending: LoadEnding) {
    const plan = JSON.stringify(planLoadSettlement(load, ending));
    return (await client.callBuffer('EVAL', SETTLE, 1, keys[0], plan, String(nowMs))) as Buffer;
  }

  async function kept(keys: readonly [string, string]): Promise<LoadState | undefined> {
    const record = await client.getBuffer(keys[0]);
    return record === null ? undefined : decodeLoadRecord(record);
  }

  it('decides and settles like the TypeScript twin, to the last bit, over random sequences', async () => {
    await fc.assert(
      fc.asyncProperty(serviceLoads, loadSteps, async (load, steps) => {
        const keys = newKeys();
        let controls: LoadControls = NO_CONTROLS;
        let state: LoadState | undefined;
        let nowMs = NOW_MS;
        const leases: number[] = [];
        for (const [version, step] of steps.entries()) {
          nowMs += step.advanceMs;
          if (step.kind === 'controls') {
            controls = step.controls;
            await client.set(keys[1], encodeControlsHeader({ version, ...controls }));
          } else if (step.kind === 'request') {
            const twin = decideLoad(load, state, nowMs, step.request, controls);
            const script = await decide(keys, load, nowMs, step.request);
            expect(script.outcome).toBe(twin.outcome);
            expect(script.load).toMatchObject({ view: twin.figures, leaseEpoch: twin.leaseEpoch });
            state = twin.state;
            if (twin.outcome === 'admitted') leases.push(twin.leaseEpoch);
          } else {
            const leaseEpoch = (step.isOwn ? leases.shift() : undefined) ?? 1_000_000;
            const ending = { ...step.ending, leaseEpoch };
            state = settleLoad(load, state, nowMs, ending);
            await settle(keys, load, nowMs, ending);
          }
          expect(await kept(keys)).toEqual(state);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('does so from any state, however far from the usual', async () => {
    const outcomes = new Set<string | undefined>();
    const cases = serviceLoads.chain((load) =>
      fc.record({
        load: fc.constant(load),
        state: loadStates(load, NOW_MS),
        request: loadRequests,
        controls: loadControls,
        ending: loadEndings,
        age: fc.integer({ min: -1, max: 6 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ load, state, request, controls, ending, age }) => {
        const keys = newKeys();
        await client.set(keys[0], encodeLoadRecord(state));
        await client.set(keys[1], encodeControlsHeader({ version: 3, ...controls }));
        expect(await kept(keys)).toEqual(state);
        const twin = decideLoad(load, state, NOW_MS, request, controls);
        const script = await decide(keys, load, NOW_MS, request);
        outcomes.add(script.outcome);
        expect(script).toMatchObject({ outcome: twin.outcome, load: { view: twin.figures, controlsVersion: 3 } });
        expect(await kept(keys)).toEqual(twin.state);
        await client.set(keys[0], encodeLoadRecord(state));
        const ended = { ...ending, leaseEpoch: twin.leaseEpoch - age };
        await settle(keys, load, NOW_MS, ended);
        expect(await kept(keys)).toEqual(settleLoad(load, state, NOW_MS, ended));
      }),
      { numRuns: 200 },
    );
    // About one case in eight is parked: 200 of them hold every outcome.
    expect(outcomes).toEqual(new Set(['admitted', 'shed', 'parked']));
  });

  it('keeps a record of 55 bytes, for at least an hour and two leases', async () => {
    const keys = newKeys();
    await decide(keys, LOAD, NOW_MS);
    expect(await client.strlen(keys[0])).toBe(LOAD_RECORD_BYTES);
    expect(await client.pttl(keys[0])).toBeGreaterThan(3_500_000);
    const slow = { ...LOAD, leaseMs: 7_200_000 };
    await settle(keys, slow, NOW_MS, { kind: 'ignored', latencyRatio: 1, leaseEpoch: 0 });
    expect(await client.pttl(keys[0])).toBeGreaterThan(14_000_000);
  });

  it('leaves plan, keys and reply where the next part expects them', async () => {
    const measured = await decide(newKeys(), LOAD, NOW_MS);
    expect(measured.reply).toHaveLength(1 + LOAD_REPLY_BYTES + 2);
    expect([...measured.reply.subarray(-2)]).toEqual([1 + planLoad(LOAD, REQUEST).length, 3]);
    const unmeasured = await decide(newKeys(), undefined, NOW_MS);
    expect([...unmeasured.reply]).toEqual([0, 2, 1]);
    const ending: LoadEnding = { kind: 'ignored', latencyRatio: 1, leaseEpoch: 0 };
    const settled = await settle(newKeys(), LOAD, NOW_MS, ending);
    expect([...settled]).toEqual([1 + planLoadSettlement(LOAD, ending).length, 2]);
    expect(planLoadSettlement(undefined, ending)).toEqual([0]);
  });

  it('writes nothing when a limit refuses what the load would admit or park', async () => {
    const keys = newKeys();
    expect((await decide(keys, LOAD, NOW_MS, REQUEST, 1)).outcome).toBe('limited');
    await client.set(keys[1], encodeControlsHeader({ version: 1, overload: 1, floor: 100 }));
    expect((await decide(keys, LOAD, NOW_MS, { ...REQUEST, parkable: true }, 1)).outcome).toBe('limited');
    expect(await kept(keys)).toBeUndefined();
  });

  it('leaves the refusal of a breaker alone, and still tells the load', async () => {
    const keys = newKeys();
    await client.set(keys[1], encodeControlsHeader({ version: 9, overload: 1, floor: 100 }));
    const decision = await decide(keys, LOAD, NOW_MS, REQUEST, 0, BEFORE);
    expect(decision.outcome).toBe('dependency');
    expect(decision.load).toMatchObject({
      controlsVersion: 9,
      view: { overload: 1, inFlight: 0, limit: 4, parked: 0 },
    });
    expect(await kept(keys)).toBeUndefined();
  });

  it('never counts twice a request that is parked already', async () => {
    const keys = newKeys();
    await client.set(keys[1], encodeControlsHeader({ version: 1, overload: 1, floor: 100 }));
    const parkable = { ...REQUEST, parkable: true };
    const outcomes = [];
    for (const readmitted of [false, false, true]) {
      outcomes.push((await decide(keys, LOAD, NOW_MS, { ...parkable, readmitted })).outcome);
    }
    expect(outcomes).toEqual(['parked', 'shed', 'parked']);
    expect((await kept(keys))?.parked).toBe(1);
    await client.del(keys[1]);
    await decide(keys, LOAD, NOW_MS, { ...parkable, readmitted: true });
    expect((await kept(keys))?.parked).toBe(0);
  });
});
