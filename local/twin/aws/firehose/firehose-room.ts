import { isDeepStrictEqual } from 'node:util';
import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { DurableMap } from '../durable-map.ts';
import type { RecordStream, StreamedRecord } from '../record-stream.ts';
import { machineTimer, type SetTimer } from '../set-timer.ts';
import { checkSource } from './check-source.ts';
import { type DeliverySpec, deliverySpec } from './delivery-spec.ts';
import { DeliveryStream } from './delivery-stream.ts';
import { DirectSource, type PutRecord } from './direct-source.ts';
import { firehoseService, type KnownDeliveryStream } from './firehose-service.ts';
import { type ShardPosition, StreamSource } from './stream-source.ts';

export interface FirehoseRoom extends AwsRoom {
  /** Delivers what it holds; has to come before the buckets close. May be called twice. */
  close(): Promise<void>;
}

interface Running extends KnownDeliveryStream {
  readonly properties: ResolvedResource['properties'];
  readonly delivery: DeliveryStream;
}

/** Data Firehose, from Kinesis streams and calls into buckets. */
export function startFirehose(
  context: AwsContext,
  streamOf: (arn: string) => RecordStream<StreamedRecord>,
  setTimer: SetTimer = machineTimer,
): FirehoseRoom {
  const { region, accountId, nowMs, callAws, database } = context;
  const positions = new DurableMap<ShardPosition>(database, 'firehose_positions');
  const records = new DurableMap<PutRecord>(database, 'firehose_records');
  const running = new Map<string, Running>();

  const start = (spec: DeliverySpec, properties: Running['properties']): void => {
    const { name, source } = spec;
    const direct = source ? undefined : new DirectSource(records, name);
    const from =
      direct ?? new StreamSource(streamOf(source?.streamArn ?? ''), positions, `${name} ${source?.streamArn}`);
    const delivery = new DeliveryStream(spec, from, context, setTimer);
    running.set(name, { spec, direct, createdMs: nowMs(), properties, delivery });
  };
  const end = async (name: string): Promise<void> => {
    await running.get(name)?.delivery.close();
    running.delete(name);
  };
  return {
    service: firehoseService({ streams: running, accountId, nowMs }),
    provision: async (resources) => {
      const declared = resources.filter(({ type }) => type === 'AWS::KinesisFirehose::DeliveryStream');
      const specs = declared.map((resource) => {
        const arn = `arn:aws:firehose:${region}:${accountId}:deliverystream/${resource.physicalId}`;
        return { spec: deliverySpec(resource, arn), properties: resource.properties };
      });
      // All are checked before one of them changes.
      for (const { spec } of specs) await checkSource(spec, callAws);
      const names = new Set(specs.map(({ spec }) => spec.name));
      for (const name of [...running.keys()]) if (!names.has(name)) await end(name);
      for (const { spec, properties } of specs) {
        if (isDeepStrictEqual(running.get(spec.name)?.properties, properties)) continue;
        await end(spec.name);
        start(spec, properties);
      }
    },
    close: async () => {
      await Promise.all([...running.values()].map(({ delivery }) => delivery.close()));
      positions.flush();
      records.flush();
    },
  };
}
