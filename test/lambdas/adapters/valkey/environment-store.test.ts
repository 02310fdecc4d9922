import { describe, expect, it } from 'vitest';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const options = { clock: new ManualClock() };
const cluster = {
  SPILLWAY_CACHE_URL: 'rediss://cache.example:6379',
  SPILLWAY_CACHE_USER: 'user',
  SPILLWAY_CACHE_NAME: 'cache',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AK',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

describe('createEnvironmentStore', () => {
  it('connects to nothing by itself', () => {
    expect(() => createEnvironmentStore(cluster, options)).not.toThrow();
  });

  it('fails without a URL', () => {
    expect(() => createEnvironmentStore({}, options)).toThrow(
      new RangeError('environment variable SPILLWAY_CACHE_URL is missing'),
    );
  });

  it('fails for another scheme', () => {
    expect(() => createEnvironmentStore({ SPILLWAY_CACHE_URL: 'http://cache.example' }, options)).toThrow(
      new RangeError(
        "environment variable SPILLWAY_CACHE_URL must start with redis:// or rediss://, got 'http://cache.example'",
      ),
    );
  });

  it.each(Object.keys(cluster).slice(1))('fails for a cluster without %s', (name) => {
    expect(() => createEnvironmentStore({ ...cluster, [name]: undefined }, options)).toThrow(
      new RangeError(`environment variable ${name} is missing`),
    );
  });
});
