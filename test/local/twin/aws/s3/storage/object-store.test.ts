import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { ObjectStore } from '../../../../../../local/twin/aws/s3/storage/object-store.ts';

const attributes = { headers: {}, metadata: {}, tags: {} };
function put(store: ObjectStore, key: string, text: string) {
  const writer = store.blobs.begin();
  writer.append(Buffer.from(text));
  const blob = writer.end();
  const shared = { ...attributes, etag: text, modifiedMs: 0, isMultipart: false };
  store.put('media', key, { ...shared, size: blob.size, parts: [blob] });
}
const range = { prefix: '', from: '', isAfter: false, limit: 10 };
const chunksOf = (database: DatabaseSync) => database.prepare('SELECT count(*) AS n FROM s3_chunks').get()?.n;

describe('ObjectStore', () => {
  it('lists keys in the order of their UTF-8, after a key and below a prefix', () => {
    const store = new ObjectStore(undefined);
    // In UTF-16 the last would come before the one in front of it.
    const keys = ['a', 'a/1', 'a/2', 'b', '\uffee', '\u{1f600}'];
    for (const key of keys.toReversed()) put(store, key, key);
    const list = (more = {}) => store.list('media', { ...range, ...more }).map(({ key }) => key);
    expect(list()).toEqual(keys);
    expect(list({ prefix: 'a/' })).toEqual(['a/1', 'a/2']);
    expect(list({ prefix: 'a', from: 'a/1', isAfter: true })).toEqual(['a/2']);
    expect(list({ from: '\uffee', isAfter: true })).toEqual(['\u{1f600}']);
    expect(list({ prefix: '\u{1f600}', from: '\uffee', isAfter: true })).toEqual(['\u{1f600}']);
    expect(list({ limit: 2 })).toEqual(['a', 'a/1']);
    store.close();
  });

  it('drops the bytes of what is replaced or deleted', () => {
    const database = new DatabaseSync(':memory:');
    const store = new ObjectStore(database);
    put(store, 'a', 'one');
    put(store, 'a', 'two');
    expect(chunksOf(database)).toBe(1);
    expect(store.delete('media', 'a')).toBe(true);
    expect(store.delete('media', 'a')).toBe(false);
    expect([chunksOf(database), store.count('media')]).toEqual([0, 0]);
  });

  it('has after a restart what it had, with uploads under way, and no bytes of what was broken off', () => {
    const database = new DatabaseSync(':memory:');
    const before = new ObjectStore(database);
    put(before, 'a', 'one');
    before.uploads.begin({ ...attributes, id: 'u', bucket: 'media', key: 'b', startedMs: 0 });
    const writer = before.blobs.begin();
    writer.append(Buffer.from('part'));
    before.uploads.putPart('u', { ...writer.end(), number: 1, etag: 'e', modifiedMs: 0 });
    before.blobs.begin().append(Buffer.alloc(300_000));
    const after = new ObjectStore(database);
    expect(chunksOf(database)).toBe(2);
    const [object] = after.list('media', range);
    expect(object).toMatchObject({ key: 'a', object: { etag: 'one', size: 3 } });
    expect(after.uploads.parts('u')).toMatchObject([{ number: 1, size: 4 }]);
  });
});
