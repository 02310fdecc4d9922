import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CLOCK_PART, HEAD_PART, VERDICTS } from '../../../../../lambdas/adapters/admission/lua/head-part.ts';
import {
  decodeLoadRecord,
  encodeLoadRecord,
  planLoad,
  planLoadSettlement,
  readLoadReply,
} from '../../../../../lambdas/adapters/admission/lua/load-codec.ts';
import { LOAD_RECORD_BYTES, loadCode, SETTLE_LOAD } from '../../../../../lambdas/adapters/admission/lua/load-part.ts';
import { packAll } from '../../../../../lambdas/adapters/admission/lua/packed.ts';
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
import {
  loadControls,
  loadEndings,
  loadRequests,
  loadStates,
  loadSteps,
  serviceLoads,
} from '../../../../support/load-arbitraries.ts';
import { describeInCaches, onTestClock } from '../../../../support/lua-harness.ts';

/** Another part may refuse before the look, or after it: the second and third arguments. */
const decideScript = (load: ServiceLoad, request: LoadRequest) => {
  const names = { key: 'KEYS[1]', record: 'values[1]', header: 'values[2]', position: 'ARGV[1]' };
  const { look, reply, commit } = loadCode(planLoad(load, request), names);
  return onTestClock(`${CLOCK_PART}
local values, verdict = call('MGET', unpack(KEYS)), ARGV[2] + 0
${look}
if ARGV[3] ~= '0' then verdict = ARGV[3] + 0 end
local admit, reply = verdict == 0 or verdict == 3, ${packAll([{ format: 'B', values: ['verdict'], bytes: 1 }, reply])}
${commit}
return reply`);
};
const SETTLE = onTestClock(`${HEAD_PART}${SETTLE_LOAD}return pack('<BB', at, key)`);
const NOW_MS = Date.UTC(2026, 10, 22);

const LOAD: ServiceLoad = { algorithm: 'gradient', min: 2, max: 8, initial: 4, leaseMs: 4_000, parkedMax: 1 };
const REQUEST: LoadRequest = { position: 30, parkable: false, readmitted: false };

describeInCaches('the load part', (cache) => {
  let runs = 0;

  const newKeys = (): readonly [string, string] => [`{0}s:${runs}`, `{0}controls:${runs++}`];

  async function decide(
    keys: readonly [string, string],
    load: ServiceLoad,
    nowMs: number,
    request: LoadRequest = REQUEST,
    { before = 0, after = 0 } = {},
  ) {
    const words = [request.position, before, after, nowMs].map(String);
    const reply = await cache.client.callBuffer('EVAL', decideScript(load, request), keys.length, ...keys, ...words);
    return { outcome: VERDICTS[(reply as Buffer)[0] ?? -1], load: readLoadReply(reply as Buffer, 1) };
  }

  async function settle(keys: readonly [string, string], load: ServiceLoad, nowMs: number, ending: LoadEnding) {
    const plan = JSON.stringify(planLoadSettlement(load, ending));
    return (await cache.client.callBuffer('EVAL', SETTLE, 1, keys[0], plan, String(nowMs))) as Buffer;
  }

  async function kept(keys: readonly [string, string]): Promise<LoadState | undefined> {
    const record = await cache.client.getBuffer(keys[0]);
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
            await cache.client.set(keys[1], encodeControlsHeader({ version, ...controls }));
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
        await cache.client.set(keys[0], encodeLoadRecord(state));
        await cache.client.set(keys[1], encodeControlsHeader({ version: 3, ...controls }));
        expect(await kept(keys)).toEqual(state);
        const twin = decideLoad(load, state, NOW_MS, request, controls);
        const script = await decide(keys, load, NOW_MS, request);
        outcomes.add(script.outcome);
        expect(script).toMatchObject({ outcome: twin.outcome, load: { view: twin.figures, controlsVersion: 3 } });
        expect(await kept(keys)).toEqual(twin.state);
        await cache.client.set(keys[0], encodeLoadRecord(state));
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
    expect(await cache.client.strlen(keys[0])).toBe(LOAD_RECORD_BYTES);
    expect(await cache.client.pttl(keys[0])).toBeGreaterThan(3_500_000);
    const slow = { ...LOAD, leaseMs: 7_200_000 };
    await settle(keys, slow, NOW_MS, { kind: 'ignored', latencyRatio: 1, leaseEpoch: 0 });
    expect(await cache.client.pttl(keys[0])).toBeGreaterThan(14_000_000);
  });

  it('leaves plan and keys where the next part of the settlement expects them', async () => {
    const ending: LoadEnding = { kind: 'ignored', latencyRatio: 1, leaseEpoch: 0 };
    const settled = await settle(newKeys(), LOAD, NOW_MS, ending);
    expect([...settled]).toEqual([1 + planLoadSettlement(LOAD, ending).length, 2]);
    expect(planLoadSettlement(undefined, ending)).toEqual([0]);
  });

  it('writes nothing when a limit refuses what the load would admit or park', async () => {
    const keys = newKeys();
    expect((await decide(keys, LOAD, NOW_MS, REQUEST, { after: 1 })).outcome).toBe('limited');
    await cache.client.set(keys[1], encodeControlsHeader({ version: 1, overload: 1, floor: 100 }));
    expect((await decide(keys, LOAD, NOW_MS, { ...REQUEST, parkable: true }, { after: 1 })).outcome).toBe('limited');
    expect(await kept(keys)).toBeUndefined();
  });

  it('leaves the refusal of a breaker alone, and still tells the load', async () => {
    const keys = newKeys();
    await cache.client.set(keys[1], encodeControlsHeader({ version: 9, overload: 1, floor: 100 }));
    const decision = await decide(keys, LOAD, NOW_MS, REQUEST, { before: 4 });
    expect(decision.outcome).toBe('dependency');
    expect(decision.load).toMatchObject({
      controlsVersion: 9,
      view: { overload: 1, inFlight: 0, limit: 4, parked: 0 },
    });
    expect(await kept(keys)).toBeUndefined();
  });

  it('parks as many as there is room for, and makes room for one more with each that is readmitted', async () => {
    const keys = newKeys();
    const overloaded = { version: 1, overload: 1, floor: 100 };
    await cache.client.set(keys[1], encodeControlsHeader(overloaded));
    const parkable = { ...REQUEST, parkable: true };
    const readmitted = { ...REQUEST, readmitted: true };
    const outcomes = [];
    for (const request of [parkable, parkable, readmitted]) {
      outcomes.push((await decide(keys, LOAD, NOW_MS, request)).outcome);
    }
    expect(outcomes).toEqual(['parked', 'shed', 'shed']);
    expect((await kept(keys))?.parked).toBe(1);
    await cache.client.del(keys[1]);
    await decide(keys, LOAD, NOW_MS, readmitted);
    expect((await kept(keys))?.parked).toBe(0);
  });
});
