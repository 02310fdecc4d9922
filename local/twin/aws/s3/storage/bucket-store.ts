import type { DatabaseSync } from 'node:sqlite';
import { DurableMap } from '../../durable-map.ts';
import type { CorsRule } from '../cors.ts';
import type { LifecycleRule } from '../lifecycle-rule.ts';
import type { NotificationTarget } from '../notifications/notification-target.ts';
import { noSuchBucket } from '../s3-error.ts';

/** What the template says of a bucket. */
export interface BucketSettings {
  readonly cors: readonly CorsRule[];
  readonly lifecycle: readonly LifecycleRule[];
  readonly notifications: readonly NotificationTarget[];
  /** Encryption of objects that ask for none, as the headers of answers say it. */
  readonly encryption: Readonly<Record<string, string>>;
}

export interface Bucket extends BucketSettings {
  readonly name: string;
  readonly createdMs: number;
}

/** Every object is encrypted by S3 itself where nothing else is asked for. */
export const SETTINGS_DEFAULT: BucketSettings = {
  cors: [],
  lifecycle: [],
  notifications: [],
  encryption: { 'x-amz-server-side-encryption': 'AES256' },
};

/** The buckets: which there are outlives the process, what the template says of them is read anew at each start. */
export class BucketStore {
  readonly #created: DurableMap<{ readonly createdMs: number }>;
  readonly #settings = new Map<string, BucketSettings>();
  readonly #nowMs: () => number;

  constructor(database: DatabaseSync | undefined, nowMs: () => number) {
    this.#created = new DurableMap(database, 's3_buckets');
    this.#nowMs = nowMs;
  }

  has(name: string): boolean {
    return this.#created.has(name);
  }

  /** @throws AwsError NoSuchBucket */
  get(name: string): Bucket {
    const found = this.#created.get(name);
    if (!found) throw noSuchBucket(name);
    return { name, ...found, ...(this.#settings.get(name) ?? SETTINGS_DEFAULT) };
  }

  /** In the order of their names. */
  list(): Bucket[] {
    return [...this.#created.keys()].sort().map((name) => this.get(name));
  }

  /** Creates a bucket, or gives the one that is there other settings. */
  put(name: string, settings: BucketSettings = SETTINGS_DEFAULT): void {
    if (!this.#created.has(name)) this.#created.set(name, { createdMs: this.#nowMs() });
    this.#settings.set(name, settings);
  }

  delete(name: string): void {
    this.#created.delete(name);
    this.#settings.delete(name);
  }

  flush(): void {
    this.#created.flush();
  }
}
