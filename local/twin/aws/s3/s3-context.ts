import type { BucketStore } from './storage/bucket-store.ts';
import type { ObjectStore } from './storage/object-store.ts';

/** Something that happened to an object, for those whom its bucket tells. */
export interface ObjectChange {
  readonly bucket: string;
  readonly key: string;
  /** `ObjectCreated:Put`. */
  readonly event: string;
  readonly size?: number;
  readonly etag?: string;
}

/** What the operations work on. */
export interface S3Context {
  readonly buckets: BucketStore;
  readonly objects: ObjectStore;
  readonly nowMs: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly tell: (change: ObjectChange) => void;
}

/** What an operation answers: headers, and a document or an object's bytes. */
export interface S3Output {
  /** @default 200 */
  readonly statusCode?: number;
  /** Header → value; what is `undefined` is left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly xml?: { readonly root: string; readonly value: unknown };
  readonly content?: { readonly size: number; readonly bytes: Iterable<Buffer>; readonly done: () => void };
}
