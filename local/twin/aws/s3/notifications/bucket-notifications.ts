import type { AwsContext } from '../../aws-room.ts';
import { type DeliveryFailure, RetriedDeliveries } from '../../retried-deliveries.ts';
import type { SetTimer } from '../../set-timer.ts';
import type { ObjectChange } from '../s3-context.ts';
import type { BucketStore } from '../storage/bucket-store.ts';
import { bucketAsService } from './bucket-as-service.ts';
import { isToldOf, type NotificationTarget } from './notification-target.ts';
import { objectEvent } from './object-event.ts';
import { messageTo } from './test-events.ts';

/** Milliseconds before each further try, for faults that pass; AWS does not say how long it goes on. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/** Tells queues, topics and functions of what happens to objects, in S3's own name. */
export class BucketNotifications {
  readonly #context: AwsContext;
  readonly #buckets: BucketStore;
  readonly #deliveries: RetriedDeliveries;
  #count = 0;

  constructor(context: AwsContext, buckets: BucketStore, setTimer: SetTimer) {
    this.#context = context;
    this.#buckets = buckets;
    this.#deliveries = new RetriedDeliveries(context, setTimer);
  }

  /** Begins to tell whoever wants to know, and does not wait for the end. */
  tell(change: ObjectChange): void {
    if (!this.#buckets.has(change.bucket)) return;
    const targets = this.#buckets.get(change.bucket).notifications;
    const told = targets.filter((target) => isToldOf(target, change.event, change.key));
    if (told.length === 0) return;
    this.#count += 1;
    const { region, accountId, nowMs, log } = this.#context;
    for (const target of told) {
      const place = { region, accountId, nowMs: nowMs(), sequence: this.#count, configurationId: target.id };
      const event = { Records: [objectEvent(change, place)] };
      this.#deliveries.begin({
        attempt: () => this.#attempt(target, event, change.bucket),
        pauseMs: (retries) => PAUSES_MS[retries],
        giveUp: async ({ code, message }) =>
          log(`S3 could not tell ${target.arn} of ${change.event} in ${change.bucket}: ${code}: ${message}`),
      });
    }
  }

  settled(): Promise<void> {
    return this.#deliveries.settled();
  }

  close(): Promise<void> {
    return this.#deliveries.close();
  }

  #attempt(target: NotificationTarget, event: unknown, bucket: string): Promise<DeliveryFailure | undefined> {
    const principal = bucketAsService(bucket);
    if (target.kind === 'function') return this.#deliveries.invoke(target.arn, event, principal);
    const { service, operation, input } = messageTo(target, JSON.stringify(event));
    return this.#deliveries.call(service, operation, input, principal);
  }
}
