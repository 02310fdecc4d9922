import { Env } from '../../contract/environment.ts';
import type { Clock } from '../clock.ts';
import { type Environment, readVariable } from '../read-environment.ts';
import { signIamToken } from './iam-token.ts';
import { openConnection, type ValkeyConnection } from './open-connection.ts';
import { type StoreError, ValkeyStore } from './valkey-store.ts';

/** What the environment does not say. Times are in ms. */
export interface EnvironmentStoreOptions {
  readonly clock: Clock;
  readonly onFailure?: (error: StoreError) => void;
  /** @default 600: twice DNS, TCP, TLS and authentication, for the slot map and for the node that it names */
  readonly connectTimeoutMs?: number;
  /** @default 100 */
  readonly commandTimeoutMs?: number;
  /** @default 1000 */
  readonly penaltyMs?: number;
}

/** Five minutes less than the life of an IAM token. */
const MAX_CONNECTION_AGE_MS = 600_000;

/**
 * The store that `Env.CACHE_URL` names: `redis://` is a plain server; `rediss://` is ElastiCache, entered with a token
 * that is signed anew for each connection.
 * @throws RangeError for a variable that is missing or broken.
 */
export function createEnvironmentStore(environment: Environment, options: EnvironmentStoreOptions): ValkeyStore {
  const { clock, onFailure, connectTimeoutMs = 600, commandTimeoutMs = 100, penaltyMs = 1_000 } = options;
  return new ValkeyStore({
    connect: createConnect(environment, clock, connectTimeoutMs),
    clock,
    connectTimeoutMs,
    commandTimeoutMs,
    penaltyMs,
    maxConnectionAgeMs: MAX_CONNECTION_AGE_MS,
    ...(onFailure === undefined ? {} : { onFailure }),
  });
}

function createConnect(
  environment: Environment,
  clock: Clock,
  connectTimeoutMs: number,
): () => Promise<ValkeyConnection> {
  const url = readVariable(environment, Env.CACHE_URL);
  if (!/^rediss?:\/\//.test(url)) {
    throw new RangeError(`environment variable ${Env.CACHE_URL} must start with redis:// or rediss://, got '${url}'`);
  }
  if (url.startsWith('redis:')) return () => openConnection({ url, connectTimeoutMs });
  const userId = readVariable(environment, Env.CACHE_USER);
  const signing = {
    cacheName: readVariable(environment, Env.CACHE_NAME),
    userId,
    region: readVariable(environment, 'AWS_REGION'),
    credentials: {
      accessKeyId: readVariable(environment, 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: readVariable(environment, 'AWS_SECRET_ACCESS_KEY'),
      sessionToken: environment.AWS_SESSION_TOKEN,
    },
  };
  return async () => {
    const password = await signIamToken({ ...signing, nowMs: clock.now() });
    return openConnection({ url, username: userId, password, connectTimeoutMs });
  };
}
