import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ParkingQueue } from '../adapters/parking/parking-queue.ts';
import { type ParkedMessage, readParkedMessage } from './parked-message.ts';
import { type ServeParkedOptions, serveParked } from './serve-parked.ts';
import { receiveCount } from './workers/receive-count.ts';

/** What readmission works with. */
export interface ReadmitParkedOptions extends ServeParkedOptions {
  readonly queue: Pick<ParkingQueue, 'giveBack'>;
}

export type ReadmitParked = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** When a message is tried again that could not be worked on: the table is out of reach, or nobody can read it. */
const RETRY_FAILURE_MS = 5_000;
/** A request is begun only while this much more than it is meant to take is left of the invocation. */
const SPARE_MS = 1_000;

/** Whether an invocation comes from the parking queue and not from API Gateway. */
export function isParkedBatch(event: object): event is SQSEvent {
  return 'Records' in event && Array.isArray(event.Records) && event.Records[0]?.eventSource === 'aws:sqs';
}

/**
 * Takes parked requests up again, the most important first and one after the other, since one environment serves one
 * request at a time. What is over is deleted by Lambda; what is not is named as failed, so that it stays, and is visible
 * again when it is to be tried again. Messages that nobody can read come back until they are dead letters.
 */
export function readmitParked(options: ReadmitParkedOptions): ReadmitParked {
  const { queue, logger } = options;
  const serve = serveParked(options);

  async function handle(record: SQSRecord, message: ParkedMessage, context: Context): Promise<number | undefined> {
    try {
      const outcome = await serve(message, receiveCount(record), context);
      return outcome.kind === 'over' ? undefined : outcome.inMs;
    } catch (error) {
      logger.error('a parked request could not be taken up', { parkedId: message.parkedId, error });
      return RETRY_FAILURE_MS;
    }
  }

  async function giveBack({ messageId, receiptHandle }: SQSRecord, inMs: number): Promise<void> {
    try {
      await queue.giveBack(receiptHandle, Math.ceil(inMs / 1_000));
    } catch (error) {
      // It comes back all the same, when its visibility timeout ends.
      logger.warn('a parked request could not be given back', { messageId, error });
    }
  }

  return async ({ Records }, context) => {
    const failed: SQSRecord[] = [];
    const returning: Promise<void>[] = [];
    const comeBack = (record: SQSRecord, inMs: number) => {
      failed.push(record);
      // Not waited for until the end: who is admitted next should not wait for who is not.
      returning.push(giveBack(record, inMs));
    };
    const readable: { readonly record: SQSRecord; readonly message: ParkedMessage }[] = [];
    for (const record of Records) {
      const message = readParkedMessage(record.body);
      if (message !== undefined) readable.push({ record, message });
      else {
        logger.error('a message in the parking queue is no parked request', { messageId: record.messageId });
        comeBack(record, RETRY_FAILURE_MS);
      }
    }
    readable.sort((a, b) => a.message.position - b.message.position);
    for (const [index, { record, message }] of readable.entries()) {
      const isTime = context.getRemainingTimeInMillis() >= message.latencyTargetMs + SPARE_MS;
      // The first one always: a function whose whole time is less would never serve it.
      const inMs = index === 0 || isTime ? await handle(record, message, context) : 0;
      if (inMs !== undefined) comeBack(record, inMs);
    }
    await Promise.all(returning);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
