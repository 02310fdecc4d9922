import type { IConstruct } from 'constructs';
import { validateWholeNumber } from '../validate.ts';

export interface OnDemandCapacity {
  /**
   * MiB a second that the stream takes at once, however quiet it was before: for a rush that is announced. Needs
   * "on-demand advantage", which is switched on for the whole account (`UpdateAccountSettings`) and paid for with a
   * commitment. 1 to 10,240. @default - 4 MiB/s at first, then twice the peak of the last 30 days
   */
  readonly warmMebibytesPerSecond?: number;
}

export interface ProvisionedCapacity {
  /** Shards, 1 to 10,000: each takes 1 MiB and 1,000 events a second. Changing it keeps the order within each partition key. */
  readonly shards: number;
}

/** How much a stream takes. AWS lets a stream change between the two twice a day. */
export class StreamCapacity {
  /** Kinesis adds shards as they are needed, and the throughput is paid for. */
  static onDemand(props: OnDemandCapacity = {}): StreamCapacity {
    return new StreamCapacity(props.warmMebibytesPerSecond, undefined);
  }

  /** As many shards as are named, which are paid for by the hour; more events than they take are refused. */
  static provisioned(props: ProvisionedCapacity): StreamCapacity {
    return new StreamCapacity(undefined, props);
  }

  readonly warmMebibytesPerSecond: number | undefined;
  readonly provisioned: ProvisionedCapacity | undefined;

  private constructor(warmMebibytesPerSecond: number | undefined, provisioned: ProvisionedCapacity | undefined) {
    this.warmMebibytesPerSecond = warmMebibytesPerSecond;
    this.provisioned = provisioned;
  }

  /** @throws SpillwayError */
  validate(scope: IConstruct): void {
    const warm = this.warmMebibytesPerSecond;
    // A stream on demand takes 10 GiB a second at most.
    validateWholeNumber('event stream: warmMebibytesPerSecond', warm, { min: 1, max: 10_240, scope });
    if (this.provisioned === undefined) return;
    // UpdateShardCount makes no more of them.
    validateWholeNumber('event stream: shards', this.provisioned.shards, {
      min: 1,
      max: 10_000,
      required: true,
      scope,
    });
  }
}
