import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFailurePolicy } from '../../../../lambdas/adapters/admission/failure-policy.ts';
import { createValkeyAdmission } from '../../../../lambdas/adapters/admission/valkey-admission.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import type { StoreFailurePolicy } from '../../../../lambdas/contract/admission-spec.ts';
import { startCache } from '../../../../local/twin/cache/start-cache.ts';
import { admissionRequest, admissionSpec, limitCheck, slowBucket } from '../../../support/admission-requests.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const PENALTY_MS = 1_000;
const request = admissionRequest({ limits: [limitCheck(slowBucket(15))] });
/** What each policy makes of 20 requests. */
const POLICIES = [
  { policy: 'allow', admitted: 20 },
  { policy: 'deny', admitted: 0 },
  { policy: 'local', admitted: 15 },
] as const;

/** A way to a port that can be cut and joined again. */
async function startPath(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const far = connect(port, '127.0.0.1');
    for (const end of [socket, far]) sockets.add(end.on('error', () => undefined));
    socket.pipe(far).pipe(socket);
  });
  const join = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await join(0);
  const { port: own } = server.address() as { port: number };
  return {
    port: own,
    cut: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        sockets.clear();
      }),
    join: () => join(own),
  };
}

describe.each(POLICIES)("createValkeyAdmission during an outage, with '$policy'", ({ policy, admitted }) => {
  const stops: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  function openAdmission(port: number, clock: ManualClock, commandTimeoutMs: number) {
    const failures: string[] = [];
    const store = createEnvironmentStore(
      { SPILLWAY_CACHE_URL: `redis://127.0.0.1:${port}` },
      {
        clock,
        commandTimeoutMs,
        connectTimeoutMs: 1_000,
        penaltyMs: PENALTY_MS,
        onFailure: (error) => failures.push(error.message),
      },
    );
    stops.push(() => store.close());
    const admission = createValkeyAdmission(store, admissionSpec(), createFailurePolicy(policy, clock), clock);
    return { store, admission, failures };
  }

  async function decideTwenty(
    admission: ReturnType<typeof openAdmission>['admission'],
    by: StoreFailurePolicy | 'store',
  ) {
    const decisions = await Promise.all(Array.from({ length: 20 }, () => admission.decide(request)));
    expect(new Set(decisions.map(({ decidedBy }) => decidedBy))).toEqual(new Set([by]));
    return decisions.filter(({ outcome }) => outcome === 'admitted').length;
  }

  it('waits once for a store that does not answer, and then asks nobody until the penalty is over', async () => {
    const clock = new ManualClock();
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { admission, failures } = openAdmission((server.address() as { port: number }).port, clock, 40);
    expect(await decideTwenty(admission, policy)).toBe(admitted);
    expect(failures).toEqual(['the store did not answer within 40 ms']);
    const connections = sockets.length;
    const startedAt = performance.now();
    await admission.decide(request);
    expect(performance.now() - startedAt).toBeLessThan(20);
    expect(sockets).toHaveLength(connections);
  });

  it.each([{ embedded: true }, { embedded: false }])(
    'counts in the store again once that is back, empty as it is (embedded: $embedded)',
    async ({ embedded }) => {
      const clock = new ManualClock();
      const cache = await startCache({ embedded });
      stops.push(() => cache.stop());
      const path = await startPath(cache.port);
      stops.push(() => path.cut());
      const { admission } = openAdmission(path.port, clock, 2_000);
      expect(await decideTwenty(admission, 'store')).toBe(15);
      clock.advance(10_000);
      await path.cut();
      expect(await decideTwenty(admission, policy)).toBe(admitted);
      await cache.fail(0);
      await path.join();
      clock.advance(PENALTY_MS);
      expect(await decideTwenty(admission, 'store')).toBe(15);
    },
  );
});
