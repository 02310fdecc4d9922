import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Blob, BlobStore } from '../../../../../../local/twin/aws/s3/storage/blob-store.ts';

const CHUNK = 256 * 1_024;

function store() {
  const database = new DatabaseSync(':memory:');
  const rows = () => Number(database.prepare('SELECT count(*) AS n FROM s3_chunks').get()?.n);
  return { database, rows, blobs: new BlobStore(database) };
}

function write(blobs: BlobStore, ...parts: readonly Uint8Array[]): Blob {
  const writer = blobs.begin();
  for (const part of parts) writer.append(part);
  return writer.end();
}

describe('BlobStore', () => {
  it('gives back every range of what was written in parts of any size', () => {
    const { blobs } = store();
    const size = fc.oneof(fc.nat(100), fc.integer({ min: CHUNK - 2, max: CHUNK + 2 }), fc.nat(3 * CHUNK));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 4 }), fc.double({ min: 0, max: 1, noNaN: true }), (sizes, at) => {
        const parts = sizes.map((length, index) => Buffer.alloc(length, index + 1));
        const whole = Buffer.concat(parts);
        const blob = write(blobs, ...parts);
        expect(blob.size).toBe(whole.length);
        const from = Math.floor(at * whole.length);
        expect(Buffer.concat([...blobs.read(blob, 0, from)]).equals(whole.subarray(0, from))).toBe(true);
        expect(Buffer.concat([...blobs.read(blob, from, whole.length)]).equals(whole.subarray(from))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps what is being read until its last reader is done', () => {
    const { blobs, rows } = store();
    const blob = write(blobs, Buffer.from('hello'));
    const [first, second] = [blobs.hold([blob]), blobs.hold([blob])];
    blobs.delete(blob.blob);
    first();
    expect(String([...blobs.read(blob, 0, 5)][0])).toBe('hello');
    second();
    expect(rows()).toBe(0);
  });

  it('forgets what was not written to its end, and after a crash what nobody uses', () => {
    const { database, blobs, rows } = store();
    const kept = write(blobs, Buffer.alloc(3 * CHUNK, 1));
    const aborted = blobs.begin();
    aborted.append(Buffer.alloc(2 * CHUNK));
    aborted.abort();
    expect(rows()).toBe(3);
    blobs.begin().append(Buffer.alloc(2 * CHUNK));
    const next = new BlobStore(database);
    next.keepOnly(new Set([kept.blob]));
    expect(rows()).toBe(3);
    const other = write(next, Buffer.from('other'));
    expect(other.blob).not.toBe(kept.blob);
  });
});
