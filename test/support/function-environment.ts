import { vi } from 'vitest';
import { Env } from '../../lambdas/contract/environment.ts';
import type { RouteSpecInput } from '../../lambdas/contract/route-spec.ts';

/** Without a cache behind it: whoever asks for one is let through. */
const ADMISSION = { service: 'Service', shards: 1, onStoreFailure: 'allow', storeTimeoutMs: 50, leaseMs: 10_000 };

const WORKER = {
  name: 'work',
  queueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/work',
  deadLetterUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/dead',
  attempts: 5,
  retryBaseSeconds: 10,
  retryCapSeconds: 600,
  isFifo: false,
};

/** Sets the environment of a function, as constructs would, with a name or number for everything that one may read. */
export function stubFunctionEnvironment(routes: readonly RouteSpecInput[] = []): void {
  for (const name of Object.values(Env)) vi.stubEnv(name, `the-${name.toLowerCase().replaceAll('_', '-')}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv(Env.ROUTES, JSON.stringify(routes));
  vi.stubEnv(Env.TIER_LIMITS, JSON.stringify({ free: { ratePerSecond: 100, burst: 200 } }));
  vi.stubEnv(Env.ADMISSION, JSON.stringify(ADMISSION));
  vi.stubEnv(Env.CACHE_URL, 'redis://127.0.0.1:1');
  vi.stubEnv(Env.WORKER, JSON.stringify(WORKER));
  vi.stubEnv(Env.WORK_QUEUES, JSON.stringify({ video: { url: WORKER.queueUrl, order: 'none' } }));
  vi.stubEnv(Env.ISSUER, 'https://api.example.com/dev');
  vi.stubEnv(Env.ACCESS_TOKEN_SECONDS, '900');
  vi.stubEnv(Env.REFRESH_TOKEN_SECONDS, '3600');
}
