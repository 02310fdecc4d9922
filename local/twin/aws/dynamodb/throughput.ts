import { AwsError } from '../aws-error.ts';
import type { Consumed } from './operations/consumed-capacity.ts';
import type { WritePlan } from './operations/write-plan.ts';
import type { IndexChange, SecondaryIndex } from './storage/secondary-index.ts';
import type { Table } from './storage/table.ts';
import type { ProvisionedThroughput } from './storage/table-definition.ts';
import { writeUnits } from './values/item-size.ts';

type Kind = 'Read' | 'Write';

/**
 * A partition serves so many units a second, whatever the table has; the twin takes each partition key for a partition.
 * Source: "Best practices for designing and using partition keys effectively", Amazon DynamoDB Developer Guide.
 */
const PARTITION_UNITS: Readonly<Record<Kind, number>> = { Read: 3000, Write: 1000 };
/** A table in provisioned mode keeps unused units of five minutes for bursts. */
const BURST_SECONDS = 300;
/** Full buckets are forgotten when there are more than this. */
const BUCKETS_MAX = 20_000;

interface Bucket {
  tokens: number;
  updatedMs: number;
  readonly perSecond: number;
  readonly capacity: number;
}

interface Draw {
  readonly bucket: Bucket;
  readonly units: number;
  readonly refuse: () => AwsError;
}

/** Token buckets of tables, of their indexes, and of each partition key of both. A request draws from all of its buckets, or from none. */
export class Throughput {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @throws AwsError ProvisionedThroughputExceededException, ThrottlingException */
  read(table: Table, index: SecondaryIndex | undefined, partition: string | undefined, units: number): void {
    this.#take(this.#draws('Read', { table, index, partition, units }));
  }

  /** What a Query or Scan has read; a Scan reads too many partitions for one of them to be hot. */
  readMany({ table, units, indexUnits }: Consumed, partition: string | undefined): void {
    const draws = [...indexUnits].flatMap(([index, amount]) => {
      return this.#draws('Read', { table, index, partition, units: amount });
    });
    if (units > 0) {
      const ofTable = indexUnits.size > 0 ? undefined : partition;
      draws.push(...this.#draws('Read', { table, index: undefined, partition: ofTable, units }));
    }
    this.#take(draws);
  }

  /** @param factor transactions take twice the units. */
  write(plan: WritePlan, changes: readonly IndexChange[], factor = 1): void {
    this.#take(this.writeDraws(plan, changes, factor));
  }

  /** Draws of several requests that are served together: which of them is refused, and why; then nothing is drawn. */
  takeTogether(requests: readonly (readonly Draw[])[]): { readonly at: number; readonly error: AwsError } | undefined {
    const wanted = new Map<Bucket, number>();
    for (const [at, draws] of requests.entries()) {
      for (const { bucket, units, refuse } of draws) {
        const total = (wanted.get(bucket) ?? 0) + units;
        wanted.set(bucket, total);
        // What is larger than the bucket passes when the bucket is full, and leaves it in debt.
        if (bucket.tokens < Math.min(total, bucket.capacity)) return { at, error: refuse() };
      }
    }
    for (const [bucket, units] of wanted) bucket.tokens -= units;
    return undefined;
  }

  writeDraws({ table, key, before, after }: WritePlan, changes: readonly IndexChange[], factor = 1): Draw[] {
    const units = writeUnits(Math.max(before?.bytes ?? 0, after?.bytes ?? 0)) * factor;
    const draws = this.#draws('Write', { table, index: undefined, partition: key.partition, units });
    for (const change of changes) draws.push(...this.#draws('Write', { table, ...change }));
    return draws;
  }

  #draws(
    kind: Kind,
    {
      table,
      index,
      partition,
      units,
    }: {
      readonly table: Table;
      readonly index: SecondaryIndex | undefined;
      readonly partition: string | undefined;
      readonly units: number;
    },
  ): Draw[] {
    // A local index shares the partition of its item collection, and the throughput of its table.
    const global = index?.isGlobal ? index : undefined;
    const draws: Draw[] = [];
    const name = `${kind} ${table.name} ${global?.name ?? ''}`;
    const resource = global ? `${table.arn}/index/${global.name}` : table.arn;
    const what = global ? 'Index' : 'Table';
    const provisioned = provisionedUnits(kind, table, global);
    if (provisioned > 0) {
      const bucket = this.#bucket(name, provisioned, provisioned * BURST_SECONDS);
      const reason = `${what}${kind}ProvisionedThroughputExceeded`;
      draws.push({ bucket, units, refuse: () => provisionedExceeded(reason, resource, global) });
    }
    if (partition !== undefined) {
      const perSecond = PARTITION_UNITS[kind];
      const bucket = this.#bucket(`${name} ${partition}`, perSecond, perSecond);
      const reason = `${what}${kind}KeyRangeThroughputExceeded`;
      const isProvisioned = provisioned > 0;
      draws.push({
        bucket,
        units,
        refuse: () => (isProvisioned ? provisionedExceeded(reason, resource, global) : throttled(reason, resource)),
      });
    }
    return draws;
  }

  #take(draws: readonly Draw[]): void {
    const refused = this.takeTogether([draws]);
    if (refused) throw refused.error;
  }

  #bucket(name: string, perSecond: number, capacity: number): Bucket {
    const nowMs = this.#nowMs();
    let bucket = this.#buckets.get(name);
    if (!bucket || bucket.perSecond !== perSecond) {
      if (this.#buckets.size >= BUCKETS_MAX) this.#forgetFull(nowMs);
      bucket = { tokens: capacity, updatedMs: nowMs, perSecond, capacity };
      this.#buckets.set(name, bucket);
    }
    refill(bucket, nowMs);
    return bucket;
  }

  #forgetFull(nowMs: number): void {
    for (const [name, bucket] of this.#buckets) {
      refill(bucket, nowMs);
      if (bucket.tokens >= bucket.capacity) this.#buckets.delete(name);
    }
  }
}

function refill(bucket: Bucket, nowMs: number): void {
  const seconds = Math.max(0, nowMs - bucket.updatedMs) / 1000;
  bucket.tokens = Math.min(bucket.capacity, bucket.tokens + seconds * bucket.perSecond);
  bucket.updatedMs = nowMs;
}

function provisionedUnits(kind: Kind, { definition }: Table, index: SecondaryIndex | undefined): number {
  if (definition.BillingMode !== 'PROVISIONED') return 0;
  const throughput: ProvisionedThroughput = index?.definition.ProvisionedThroughput ?? definition.ProvisionedThroughput;
  return throughput[`${kind}CapacityUnits`];
}

function provisionedExceeded(reason: string, resource: string, index: SecondaryIndex | undefined): AwsError {
  return new AwsError(
    'ProvisionedThroughputExceededException',
    index
      ? 'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. ' +
          'Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API'
      : 'The level of configured provisioned throughput for the table was exceeded. ' +
          'Consider increasing your provisioning level with the UpdateTable API.',
    { members: { ThrottlingReasons: [{ reason, resource }] } },
  );
}

function throttled(reason: string, resource: string): AwsError {
  return new AwsError(
    'ThrottlingException',
    'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or ' +
      'index so please try again shortly. If exceptions persist, check if you have a hot key: ' +
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
    { members: { ThrottlingReasons: [{ reason, resource }] } },
  );
}
