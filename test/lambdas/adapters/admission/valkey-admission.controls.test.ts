import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Admission, AdmissionRequest } from '../../../../lambdas/adapters/admission/admission.ts';
import { createFailurePolicy } from '../../../../lambdas/adapters/admission/failure-policy.ts';
import { createValkeyAdmission } from '../../../../lambdas/adapters/admission/valkey-admission.ts';
import { encodeControlsHeader } from '../../../../lambdas/adapters/controls/controls-header.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import type { ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import type { Controls } from '../../../../lambdas/contract/controls.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import {
  admissionRequest,
  admissionSpec,
  dependencySpec,
  limitCheck,
  slowBucket,
} from '../../../support/admission-requests.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const LOAD = { position: 30, parkable: false, readmitted: false };
const SPEC = admissionSpec({ adaptiveLimit: { algorithm: 'gradient', min: 1, max: 100, initial: 20 } });

describe('createValkeyAdmission under the controller', () => {
  let cache: Cache;
  let client: Redis;
  let store: ValkeyStore;
  const clock = new ManualClock();

  beforeAll(async () => {
    cache = await startCache();
    client = new Redis({ host: cache.host, port: cache.port });
    const environment = { SPILLWAY_CACHE_URL: `redis://${cache.host}:${cache.port}` };
    store = createEnvironmentStore(environment, { clock, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 });
  });
  beforeEach(async () => {
    await client.flushall();
  });
  afterAll(async () => {
    store.close();
    client.disconnect();
    await cache.stop();
  });

  const admissionOf = () => createValkeyAdmission(store, SPEC, createFailurePolicy('deny', clock), clock);

  it('refuses what needs a dependency whose breaker a lever holds open, and says how all are', async () => {
    const admission = admissionOf();
    const dependencies = [
      { name: 'ledger', required: true, spec: dependencySpec },
      { name: 'search', required: false, spec: dependencySpec },
    ];
    const request = admissionRequest({ dependencies, load: LOAD });
    expect((await admission.decide(request)).breakers.map(({ state }) => state)).toEqual(['closed', 'closed']);
    await tell({ levers: { breakers: { ledger: 'forced-open' } } });
    await hear(admission, request);
    const refused = await admission.decide(request);
    expect(refused.outcome).toBe('dependency');
    expect(refused.breakers.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'ledger forced-open',
      'search closed',
    ]);
  });

  it('reads what the controller says in the background, and scales policies from then on', async () => {
    const admission = admissionOf();
    const request = admissionRequest({ limits: [limitCheck(slowBucket(10))], load: LOAD });
    await admission.decide(request);
    expect(admission.controls()).toBeUndefined();
    await tell({ levers: { scale: { 'GET /api/feed:user': 0.5 } } });
    await hear(admission, request);
    expect(admission.controls()?.levers).toEqual({ scale: { 'GET /api/feed:user': 0.5 } });
    const scaled = await admission.decide(request);
    expect(scaled.verdicts[0]?.remaining).toBeLessThan(5);
  });

  async function tell(change: Partial<Controls>) {
    const controls: Controls = {
      version: 7,
      levers: {},
      overload: 0,
      causes: [],
      shares: {},
      changes: [],
      ...change,
    };
    await client.set('{0}controls:detail', JSON.stringify(controls), 'PX', 60_000);
    await client.set('{0}controls', encodeControlsHeader({ version: 7, overload: 0, floor: 100 }), 'PX', 60_000);
  }
  /** A reply tells the version, what it means is read behind the next one's back. */
  async function hear(admission: Admission, request: AdmissionRequest) {
    await admission.decide(request);
    while (admission.controls() === undefined) await store.run((commands) => commands.get('nothing'));
  }
});
