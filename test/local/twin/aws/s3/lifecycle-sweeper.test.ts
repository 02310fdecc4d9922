import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lifecycleRules } from '../../../../../local/twin/aws/s3/lifecycle-rule.ts';
import { dueMs, LifecycleSweeper } from '../../../../../local/twin/aws/s3/lifecycle-sweeper.ts';
import type { ObjectChange } from '../../../../../local/twin/aws/s3/s3-context.ts';
import { BucketStore, SETTINGS_DEFAULT } from '../../../../../local/twin/aws/s3/storage/bucket-store.ts';
import { ObjectStore } from '../../../../../local/twin/aws/s3/storage/object-store.ts';
import { ManualTimers } from '../../../../support/manual-timers.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 2, 13);

describe('dueMs', () => {
  it('is the midnight after as many days', () => {
    expect(dueMs(START_MS, 1)).toBe(Date.UTC(2026, 0, 4));
    expect(dueMs(Date.UTC(2026, 0, 2), 1)).toBe(Date.UTC(2026, 0, 3));
  });
});

describe('LifecycleSweeper', () => {
  let timers: ManualTimers;
  let objects: ObjectStore;
  let sweeper: LifecycleSweeper;
  let told: ObjectChange[];
  const attributes = { headers: {}, metadata: {}, tags: {} };
  const put = (key: string, size = 3, tags: Record<string, string> = {}) =>
    objects.put('media', key, {
      ...{ ...attributes, tags, etag: 'e', size, modifiedMs: timers.clock.now(), parts: [], isMultipart: false },
    });
  const keys = () => objects.list('media', { prefix: '', from: '', isAfter: false, limit: 100 }).map(({ key }) => key);

  beforeEach(() => {
    timers = new ManualTimers();
    timers.clock.set(START_MS);
    told = [];
    const nowMs = () => timers.clock.now();
    const buckets = new BucketStore(undefined, nowMs);
    objects = new ObjectStore(undefined);
    const lifecycle = lifecycleRules([
      { Status: 'Enabled', Prefix: 'tmp/', ExpirationInDays: 1 },
      { Status: 'Disabled', ExpirationInDays: 1 },
      { Status: 'Enabled', TagFilters: [{ Key: 'kind', Value: 'draft' }], ExpirationInDays: '2' },
      { Status: 'Enabled', Prefix: 'large/', ObjectSizeGreaterThan: 3, ExpirationDate: '2026-01-05T00:00:00Z' },
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ]);
    buckets.put('media', { ...SETTINGS_DEFAULT, lifecycle });
    const place = { region: 'eu-west-1', accountId: '000000000000' };
    const context = { buckets, objects, nowMs, ...place, tell: (change: ObjectChange) => told.push(change) };
    sweeper = new LifecycleSweeper(context, timers.setTimer);
    sweeper.start();
  });
  afterEach(() => {
    sweeper.close();
    objects.close();
  });

  it('ends what a rule names once it is old enough, and tells of it', async () => {
    put('tmp/a');
    put('kept');
    put('note', 3, { kind: 'draft' });
    put('large/just', 3);
    put('large/more', 4);
    timers.clock.set(Date.UTC(2026, 0, 4) - 60_001);
    await timers.advance(60_000);
    expect(keys()).toHaveLength(5);
    await timers.advance(60_000);
    expect(keys()).toEqual(['kept', 'large/just', 'large/more', 'note']);
    expect(told).toEqual([{ bucket: 'media', key: 'tmp/a', event: 'LifecycleExpiration:Delete' }]);
    timers.clock.set(Date.UTC(2026, 0, 5));
    await timers.advance(60_000);
    expect(keys()).toEqual(['kept', 'large/just']);
  });

  it('ends uploads that nobody completed', async () => {
    objects.uploads.begin({ ...attributes, id: 'u', bucket: 'media', key: 'a', startedMs: timers.clock.now() });
    timers.clock.set(START_MS + DAY_MS);
    sweeper.sweep();
    expect(objects.uploads.get('u')).toBeDefined();
    timers.clock.set(Date.UTC(2026, 0, 4));
    sweeper.sweep();
    expect(objects.uploads.get('u')).toBeUndefined();
  });
});
