import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { kinesisService } from './kinesis-service.ts';
import { KinesisStore } from './kinesis-store.ts';
import { provisionStreams } from './provision-streams.ts';

export interface KinesisRoom extends AwsRoom {
  /** What event sources read. */
  readonly store: KinesisStore;
}

/**
 * Kinesis Data Streams, with records in the database where there is one. Functions that are mapped to a stream read it in
 * local/twin/functions/event-sources, not here.
 */
export function startKinesis({ region, accountId, nowMs, database }: AwsContext): KinesisRoom {
  const store = new KinesisStore(`arn:aws:kinesis:${region}:${accountId}`, nowMs, database);
  return {
    store,
    service: kinesisService(store, nowMs),
    provision: (resources) => provisionStreams(resources, store, nowMs),
    close: () => store.flush(),
  };
}
