import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Redis } from 'iovalkey';
import type { Admission, AdmissionRequest, LimitCheck } from '../lambdas/adapters/admission/admission.ts';
import { createFailurePolicy } from '../lambdas/adapters/admission/failure-policy.ts';
import { serviceKey } from '../lambdas/adapters/admission/shard-keys.ts';
import { createValkeyAdmission } from '../lambdas/adapters/admission/valkey-admission.ts';
import { systemClock } from '../lambdas/adapters/clock.ts';
import { createEnvironmentStore } from '../lambdas/adapters/valkey/environment-store.ts';
import type { AdmissionSpec, DependencySpec } from '../lambdas/contract/admission-spec.ts';
import type { Limit } from '../lambdas/resilience/limiters/limit.ts';
import { textTable } from '../local/demo/text-table.ts';
import { startCache } from '../local/twin/cache/start-cache.ts';
import { alternate, type Contestant, type Ratio } from './alternate.ts';
import { installPeer } from './peers/install.ts';
import { checkBound, printRatios } from './report.ts';

const USER = '01JD0000000000000000000000';
const PARALLEL = 64;
const USERS = 65_536;
const AT_A_TIME = 512;

const DEPENDENCY: DependencySpec = {
  ...{ failureRatio: 0.5, slowRatio: 1, slowAfterMs: 60_000, window: 100, minimumCalls: 100, openMs: 60_000 },
  ...{ halfOpenCalls: 10, timeoutMs: 2_000, attempts: 3 },
};
/** Room for all that is decided: what is measured is admitting. */
const SPEC: AdmissionSpec = {
  ...{ service: 'feed', shards: 1, onStoreFailure: 'deny', storeTimeoutMs: 1_000, leaseMs: 1_000, parkedMax: 0 },
  adaptiveLimit: { algorithm: 'gradient', min: 50_000, max: 50_000, initial: 50_000 },
  dependencies: { db: DEPENDENCY },
};
const SERVICE_KEY = serviceKey(0, SPEC.service);
const DEPENDENCIES = [{ name: 'db', required: true, spec: DEPENDENCY }];
const LIMITS: Readonly<Record<Limit['algorithm'], Limit>> = {
  'token-bucket': { algorithm: 'token-bucket', ratePerSecond: 100_000, burst: 500_000 },
  gcra: { algorithm: 'gcra', ratePerSecond: 100_000, burst: 1_000_000 },
  'fixed-window': { algorithm: 'fixed-window', max: 1_000_000_000, windowMs: 86_400_000 },
  'sliding-window': { algorithm: 'sliding-window', max: 16_000_000, windowMs: 60_000 },
  'sliding-log': { algorithm: 'sliding-log', max: 1_000, windowMs: 60_000 },
};

interface RateLimiter {
  consume(key: string): Promise<unknown>;
}
type RateLimiterConstructor = new (options: object) => RateLimiter;
type OpossumConstructor = new (action: () => Promise<unknown>) => { fire(): Promise<unknown>; shutdown(): void };

/** Admission against rate-limiter-flexible and opossum on one server: time, and memory per user. */
export async function benchAdmission(): Promise<void> {
  const modules = createRequire(join(installPeer('resilience'), 'x.js'));
  const { RateLimiterRedis } = modules('rate-limiter-flexible') as { RateLimiterRedis: RateLimiterConstructor };
  const CircuitBreaker = modules('opossum') as OpossumConstructor;
  const cache = await startCache();
  if (cache.kind === 'embedded') {
    await cache.stop();
    throw new Error('this bench needs valkey-server or redis-server on the PATH');
  }
  process.stdout.write(`${cache.describe}\n`);
  const client = new Redis({ host: cache.host, port: cache.port });
  const store = createEnvironmentStore(
    { SPILLWAY_CACHE_URL: `redis://${cache.host}:${cache.port}` },
    { clock: systemClock, commandTimeoutMs: SPEC.storeTimeoutMs },
  );
  const admission = createValkeyAdmission(store, SPEC, createFailurePolicy('deny', systemClock), systemClock);
  const limiter = (keyPrefix?: string) =>
    new RateLimiterRedis({ storeClient: client, points: 1_000_000, duration: 60, ...(keyPrefix && { keyPrefix }) });
  const limiters = ['a', 'b', 'c'].map(limiter);
  const breaker = new CircuitBreaker(async () => 1);
  const peers = { one: () => limiters[0]?.consume(USER), ping: () => client.ping(), three: threeOf(limiters, breaker) };
  try {
    await benchTimes(client, admission, peers);
    await benchMemory(client, admission, limiter());
  } finally {
    breaker.shutdown();
    store.close();
    client.disconnect();
    await cache.stop();
  }
}

type Work = () => unknown;

function threeOf(limiters: readonly RateLimiter[], breaker: { fire(): Promise<unknown> }): Work {
  return async () => {
    for (const limiter of limiters) await limiter.consume(USER);
    await breaker.fire();
  };
}

async function benchTimes(
  client: Redis,
  admission: Admission,
  peers: Readonly<Record<'one' | 'ping' | 'three', Work>>,
): Promise<void> {
  const one = () => decide(admission, requestOf(['token-bucket'], USER));
  const whole = () =>
    decide(admission, {
      ...requestOf(['token-bucket', 'fixed-window', 'sliding-window'], USER),
      load: { position: 55, parkable: false, readmitted: false },
      dependencies: DEPENDENCIES,
    });
  for (const [mode, run, times] of [
    ['one after the other', inTurn, 1_500],
    [`${PARALLEL} at a time`, atOnce, 6_000],
  ] as const) {
    const contest = (contestants: readonly (readonly [string, Work])[]) =>
      alternate(
        contestants.map(([name, work]): Contestant => ({ name, run: (count) => run(work, count) })),
        // Nothing is settled, so the leases of a turn would fill the service.
        { rounds: 15, times, before: () => client.del(SERVICE_KEY) },
      );
    const single = await contest([
      ['rate-limiter-flexible', peers.one],
      ['one token bucket', one],
      ['PING', peers.ping],
    ]);
    printRatios(`One limit, ${mode}`, single);
    checkBound({ what: `one token bucket / rate-limiter-flexible, ${mode}`, measured: median(single, 1), atMost: 1.1 });
    const many = await contest([
      ['three rate-limiter-flexible, opossum', peers.three],
      ['three limits, load, breaker', whole],
    ]);
    printRatios(`Three limits, load and a breaker, ${mode}`, many);
    const atMost = run === inTurn ? 0.4 : 0.6;
    checkBound({ what: `three limits, load, breaker / three and opossum, ${mode}`, measured: median(many, 1), atMost });
    if (run !== inTurn) continue;
    const trips = await contest([
      ['PING', peers.ping],
      ['three limits, load, breaker', whole],
    ]);
    printRatios('A round trip', trips);
    checkBound({ what: 'three limits, load, breaker / PING', measured: median(trips, 1), atMost: 1.4 });
  }
}

function median(ratios: readonly Ratio[], place: number): number {
  return ratios[place]?.median ?? Number.NaN;
}

async function inTurn(work: Work, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) await work();
}

async function atOnce(work: Work, times: number): Promise<void> {
  let left = times;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

function requestOf(algorithms: readonly Limit['algorithm'][], user: string): AdmissionRequest {
  const limits = algorithms.map(
    (algorithm, index): LimitCheck => ({
      ...{ id: 16 + index, policy: algorithm, limit: LIMITS[algorithm], subject: `user:${user}`, cost: 1 },
      ...{ dryRun: false, fleetWide: false },
    }),
  );
  return { caller: user, limits, load: undefined, dependencies: [] };
}

/** Whatever is not admitted by the store would be measured as something else. */
async function decide(admission: Admission, request: AdmissionRequest): Promise<void> {
  const { outcome, decidedBy } = await admission.decide(request);
  if (outcome !== 'admitted' || decidedBy !== 'store')
    throw new Error(`expected admission, got ${outcome} by ${decidedBy}`);
}

/** Bytes in the server for each of many users who have made one request. */
async function benchMemory(client: Redis, admission: Admission, limiter: RateLimiter): Promise<void> {
  const bytesPerUser = async (request: (user: string) => Promise<unknown>) => {
    await client.flushall();
    const before = await usedMemory(client);
    for (let first = 0; first < USERS; first += AT_A_TIME) {
      await Promise.all(Array.from({ length: AT_A_TIME }, (_, index) => request(userOf(first + index))));
    }
    return ((await usedMemory(client)) - before) / USERS;
  };
  const peer = await bytesPerUser((user) => limiter.consume(user));
  const rows = [['rate-limiter-flexible', peer.toFixed(0), '1.00']];
  const bounds: { what: string; measured: number; atMost: number }[] = [];
  for (const algorithm of Object.keys(LIMITS) as Limit['algorithm'][]) {
    const own = await bytesPerUser((user) => decide(admission, requestOf([algorithm], user)));
    rows.push([algorithm, own.toFixed(0), (own / peer).toFixed(2)]);
    if (algorithm === 'sliding-log') continue;
    bounds.push({ what: `memory per user, ${algorithm} / rate-limiter-flexible`, measured: own / peer, atMost: 1.2 });
  }
  process.stdout.write(`\nMemory of ${USERS} users\n${textTable([['', 'bytes per user', '× first'], ...rows])}\n`);
  for (const bound of bounds) checkBound(bound);
}

async function usedMemory(client: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
}

function userOf(number: number): string {
  return `01JD${String(number).padStart(22, '0')}`;
}
