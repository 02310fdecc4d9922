import type { SetTimer } from '../set-timer.ts';
import type { LifecycleRule } from './lifecycle-rule.ts';
import type { S3Context } from './s3-context.ts';
import type { Bucket } from './storage/bucket-store.ts';
import type { StoredObject } from './storage/stored-object.ts';

/** How often rules are looked at. S3 does so once a day; a laptop wants to see it happen. */
const SWEEP_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
const PAGE = 1_000;

/** Ends what the rules of buckets say is too old, by the twin's clock. */
export class LifecycleSweeper {
  readonly #context: S3Context;
  readonly #setTimer: SetTimer;
  #stop: () => void = () => {};

  constructor(context: S3Context, setTimer: SetTimer) {
    this.#context = context;
    this.#setTimer = setTimer;
  }

  start(): void {
    this.#stop = this.#setTimer(SWEEP_EVERY_MS, () => {
      this.sweep();
      this.start();
    });
  }

  sweep(): void {
    for (const bucket of this.#context.buckets.list()) {
      for (const rule of bucket.lifecycle) this.#apply(rule, bucket);
    }
  }

  close(): void {
    this.#stop();
  }

  #apply(rule: LifecycleRule, { name }: Bucket): void {
    const { objects, nowMs, tell } = this.#context;
    const now = nowMs();
    if (rule.abortUploadsAfterDays !== undefined) {
      for (const { id, key, startedMs } of objects.uploads.list(name)) {
        const isDue = dueMs(startedMs, rule.abortUploadsAfterDays) <= now;
        if (isDue && key.startsWith(rule.prefix)) objects.uploads.end(id);
      }
    }
    if (rule.expireAfterDays === undefined && rule.expireAtMs === undefined) return;
    for (let after = ''; ; ) {
      const page = objects.list(name, { prefix: rule.prefix, from: after, isAfter: after !== '', limit: PAGE });
      for (const { key, object } of page) {
        if (!isExpired(rule, object, now)) continue;
        objects.delete(name, key);
        tell({ bucket: name, key, event: 'LifecycleExpiration:Delete' });
      }
      const last = page.at(-1);
      if (page.length < PAGE || !last) return;
      after = last.key;
    }
  }
}

/** S3 adds the days and goes on to the next midnight in UTC ("How rules work": "Lifecycle rules: Based on an object's age"). */
export function dueMs(startMs: number, days: number): number {
  return Math.ceil((startMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

function isExpired(rule: LifecycleRule, object: StoredObject, nowMs: number): boolean {
  const { expireAfterDays, expireAtMs, largerThanBytes = -1, smallerThanBytes = Number.POSITIVE_INFINITY } = rule;
  const isDue =
    (expireAtMs !== undefined && expireAtMs <= nowMs) ||
    (expireAfterDays !== undefined && dueMs(object.modifiedMs, expireAfterDays) <= nowMs);
  const hasTags = Object.entries(rule.tags).every(([name, value]) => object.tags[name] === value);
  return isDue && hasTags && object.size > largerThanBytes && object.size < smallerThanBytes;
}
