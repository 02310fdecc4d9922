import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { apiKeyStore } from '../../../../support/api-key-store.ts';

const made = {
  id: 'made',
  name: 'made',
  value: 'made-at-run-time-0001',
  enabled: true,
  tags: {},
  createdMs: 1,
  updatedMs: 1,
};

describe('provisionApiKeys', () => {
  it('takes over the keys of the template with their plans', () => {
    const { store } = apiKeyStore({
      plans: { gold: { Throttle: { RateLimit: 5, BurstLimit: 10 }, Quota: { Limit: 100, Period: 'DAY' } } },
      keys: { a: { value: 'value-a', plans: ['gold'] }, b: { value: 'value-b', enabled: false } },
    });
    expect(store.find('value-a')).toEqual({
      keyId: 'a',
      name: 'a',
      value: 'value-a',
      enabled: true,
      planIds: ['gold'],
    });
    expect(store.find('value-b')).toMatchObject({ enabled: false, planIds: [] });
    expect(store.plan('gold')).toMatchObject({
      name: 'gold',
      throttle: { rateLimit: 5, burstLimit: 10 },
      quota: { limit: 100, offset: 0, period: 'DAY' },
    });
  });

  it('keeps what was done at run time, as long as the template says the same', () => {
    const fixture = { plans: { gold: {} }, keys: { a: { value: 'value-a', plans: ['gold'] } } };
    const { store, provision } = apiKeyStore(fixture);
    store.add({ ...made, planIds: ['gold'] });
    const key = store.key('a');
    key.enabled = false;
    store.changed(key);
    provision(fixture);
    expect(store.find('value-a')?.enabled).toBe(false);
    expect(store.find(made.value)?.planIds).toEqual(['gold']);
  });

  it('changes and removes the keys that the template changes and removes, and no others', () => {
    const { store, provision } = apiKeyStore({
      plans: { gold: {} },
      keys: { a: { value: 'value-a', plans: ['gold'] }, b: { value: 'value-b', plans: ['gold'] } },
    });
    store.add({ ...made, planIds: ['gold'] });
    provision({ plans: { gold: {} }, keys: { a: { value: 'value-a2' } } });
    expect(store.keys().map(({ id, value, planIds }) => [id, value, planIds])).toEqual([
      ['a', 'value-a2', []],
      ['made', made.value, ['gold']],
    ]);
  });

  it('takes keys out of plans that are gone', () => {
    const { store, provision } = apiKeyStore({ plans: { gold: {} } });
    store.add({ ...made, planIds: ['gold'] });
    provision({});
    expect(store.find(made.value)?.planIds).toEqual([]);
  });

  it('tells keys of the template from others after a restart', () => {
    const database = new DatabaseSync(':memory:');
    const { store } = apiKeyStore({ keys: { a: { value: 'value-a' } } }, database);
    store.add({ ...made, planIds: [] });
    store.flush();
    expect(
      apiKeyStore({}, database)
        .store.keys()
        .map(({ id }) => id),
    ).toEqual(['made']);
  });

  it('fails for a value that a key of the run time has, in a sentence that names the resource', () => {
    const { store, provision } = apiKeyStore({});
    store.add({ ...made, planIds: [] });
    expect(() => provision({ keys: { a: { value: made.value } } })).toThrow("API key 'a': API Key already exists");
  });
});
