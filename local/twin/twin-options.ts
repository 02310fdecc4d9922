import type { ColdStart } from './functions/function-pool.ts';
import type { LogLine } from './functions/log-lines.ts';
import type { AccessEntry } from './gateway/access-entry.ts';
import type { SkippableTime } from './skippable-time.ts';
import type { TwinFaults } from './twin-faults.ts';

/** What a person or a test may choose about a twin. */
export interface TwinOptions {
  /** Directory of the cloud assembly. */
  readonly assemblyDir: string;
  /** Port of the first REST API; 0 takes a free one. Further APIs take free ones. */
  readonly port: number;
  /**
   * Name that the ready file and the console show.
   * @default - the stage of the first REST API
   */
  readonly stage?: string;
  /**
   * URL of a running Valkey or Redis, instead of one that the twin starts.
   * @default - a server from the PATH, else the embedded one
   */
  readonly cacheUrl?: string;
  /**
   * Whether to use the embedded cache even where another could be had.
   * @default false
   */
  readonly embeddedCache?: boolean;
  /**
   * Environments that one function may have; further invocations wait.
   * @default 8
   */
  readonly maxEnvironments?: number;
  /**
   * `real`: one environment per concurrent invocation, growing and throttled at AWS's rate.
   * @default 'shared'
   */
  readonly coldStart?: ColdStart;
  /**
   * Directory where data outlives the twin: tables, queues, streams, secrets, parameters, keys and checkpoints.
   * @default - everything is in memory
   */
  readonly dataDir?: string;
  /**
   * `enforce` refuses calls that the policies of the templates do not allow; `warn` reports them and lets them through.
   * @default 'enforce'
   */
  readonly iam?: 'enforce' | 'warn';
  /**
   * The account's throttle in the Region, which all APIs share.
   * @default - 10,000 requests a second, burst 5,000: AWS's own default
   */
  readonly accountThrottle?: { readonly ratePerSecond?: number; readonly burst?: number };
  /**
   * Whether tables refuse what one partition, or their provisioned throughput, does not serve in AWS.
   * @default false
   */
  readonly throttleTables?: boolean;
  /** Milliseconds since 1970. @default - those of `time`, else Date.now */
  readonly nowMs?: () => number;
  /** A clock of which time can be skipped, for rooms and functions alike. @default - the machine's */
  readonly time?: SkippableTime;
  /** What goes wrong, for whoever looks for faults. @default - nothing */
  readonly faults?: TwinFaults;
  /** Receives a sentence about each step of the start, and about what goes wrong later. */
  readonly log?: (message: string) => void;
  /** Receives each line that a function prints. */
  readonly onFunctionLine?: (label: string, line: LogLine) => void;
  /** Told about each request to an API after its answer. */
  readonly onRequest?: (entry: AccessEntry) => void;
}
