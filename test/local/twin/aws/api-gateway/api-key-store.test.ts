import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { StoredApiKey } from '../../../../../local/twin/aws/api-gateway/api-key.ts';
import { API_KEYS_MAX, ApiKeyStore } from '../../../../../local/twin/aws/api-gateway/api-key-store.ts';
import { apiKeyStore } from '../../../../support/api-key-store.ts';
import { API_ID, STAGE } from '../../../../support/rest-api-resources.ts';

const key = (id: string): StoredApiKey => ({
  id,
  name: id,
  value: `value-of-${id}`,
  enabled: true,
  tags: {},
  createdMs: 1,
  updatedMs: 1,
  planIds: [],
});

describe('ApiKeyStore', () => {
  it('takes as many keys as AWS does, and not one more', () => {
    const store = new ApiKeyStore();
    for (let index = 0; index < API_KEYS_MAX; index += 1) store.add(key(`k${index}`));
    expect(() => store.add(key('one-more'))).toThrow(
      expect.objectContaining({ type: 'LimitExceededException', statusCode: 429 }),
    );
    store.remove(key('k7'));
    store.add(key('one-more'));
  });

  it('finds a key by its value from the moment it is there until it is gone', () => {
    const { store } = apiKeyStore({ plans: { gold: {} } });
    const added = key('k1');
    store.add(added);
    expect(store.find('value-of-k1')).toMatchObject({ keyId: 'k1', planIds: [] });
    store.addToPlan(added, store.plan('gold'));
    expect(store.find('value-of-k1')?.planIds).toEqual(['gold']);
    expect(store.inPlan('gold').map(({ keyId }) => keyId)).toEqual(['k1']);
    store.remove(added);
    expect(store.find('value-of-k1')).toBeUndefined();
  });

  it('fails to put a key into two plans of one stage', () => {
    const { store } = apiKeyStore({ plans: { gold: {}, silver: {}, elsewhere: { ApiStages: [] } } });
    const added = key('k1');
    store.add(added);
    store.addToPlan(added, store.plan('gold'));
    store.addToPlan(added, store.plan('elsewhere'));
    expect(() => store.addToPlan(added, store.plan('silver'))).toThrow(
      `Usage Plan silver cannot be added because API Key k1 cannot reference multiple Usage Plans with the same api:stage: ${API_ID}:${STAGE}`,
    );
    expect(() => store.addToPlan(added, store.plan('gold'))).toThrow(
      expect.objectContaining({ type: 'ConflictException', statusCode: 409 }),
    );
  });

  it('keeps keys, values and plans in the database', () => {
    const database = new DatabaseSync(':memory:');
    const first = apiKeyStore({ plans: { gold: {} } }, database).store;
    const added = key('k1');
    first.add(added);
    first.addToPlan(added, first.plan('gold'));
    first.add(key('gone'));
    first.remove(key('gone'));
    first.flush();
    const second = apiKeyStore({ plans: { gold: {} } }, database).store;
    expect(second.find('value-of-k1')).toEqual(first.find('value-of-k1'));
    expect(second.find('value-of-gone')).toBeUndefined();
    expect(() => second.add(key('k1'))).toThrow('API Key already exists');
  });
});
