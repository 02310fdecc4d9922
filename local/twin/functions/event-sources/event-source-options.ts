import type { CallAws } from '../../aws/dispatcher.ts';
import type { Principal } from '../../aws/principal.ts';
import type { RecordStream, StreamedRecord } from '../../aws/record-stream.ts';
import type { SetTimer } from '../../aws/set-timer.ts';
import type { Invoke } from '../invoke.ts';
import type { Checkpoints } from './checkpoints.ts';

export interface EventSourceOptions {
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
  readonly invoke: Invoke;
  /** Polls queues and reports to failure destinations, as the function's role. */
  readonly callAws: CallAws;
  /** The stream with this ARN, of Kinesis or of a table; `undefined`, or an AwsError, where there is none. */
  readonly streamOf: (arn: string) => RecordStream<StreamedRecord> | undefined;
  /** ARN of the role of a function, by the function's name. @default - the twin itself reads and sends */
  readonly roleOf?: (functionName: string) => string | undefined;
  /**
   * Whether a role may do all of `actions` (`kinesis:GetRecords`) on a source: why not, or `undefined`. Asked once, at the
   * start.
   *
   * @default - everything is allowed
   */
  readonly authorizeRead?: AuthorizeRead;
  /** How far mappings have come. @default - a new one, in memory */
  readonly checkpoints?: Checkpoints;
  /** Most batches of one queue in flight at once, below what AWS would scale to: what a laptop can run. @default 50 */
  readonly maxQueueConcurrency?: number;
  /** @default - timers of this machine */
  readonly setTimer?: SetTimer;
}

export type AuthorizeRead = (
  principal: Principal,
  actions: readonly string[],
  resourceArn: string,
) => string | undefined;

/** What runs one mapping. */
export interface SourceConsumer {
  /** Records that were put and not yet done with. */
  readonly backlog: number;
  /** When the oldest of these arrived, for streams; `undefined` where none waits. */
  readonly oldestMs?: number | undefined;
  /** Delivers nothing more; resolves when what is in flight has ended. */
  stop(): Promise<void>;
}
