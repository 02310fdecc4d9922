import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { ServiceLogger } from '../../adapters/logger.ts';
import { type NotifyFollowersDependencies, notifyFollowers } from './notify-followers.ts';
import { parseEvent } from './parse-event.ts';

export interface ProcessBatchDependencies extends NotifyFollowersDependencies {
  readonly logger: ServiceLogger;
}

/**
 * Handles a batch of Kinesis records and names those that failed. Lambda delivers again from the first of these, so
 * records that succeeded after it come a second time, and change nothing.
 *
 * Records are taken one after the other, although each fans out concurrently: when the time runs out, those at the front
 * are done and the checkpoint moves past them. Taken all at once, they would all be half done, and a batch that is too
 * much for one invocation would never get on. `signal` is aborted shortly before the invocation's deadline; records that
 * are left then fail at once.
 */
export async function processBatch(
  dependencies: ProcessBatchDependencies,
  event: KinesisStreamEvent,
  context: Context,
  signal: AbortSignal,
): Promise<KinesisStreamBatchResponse> {
  const { logger } = dependencies;
  const handle = async (record: KinesisStreamRecord) => {
    try {
      signal.throwIfAborted();
      const feedUpdated = parseEvent(record.kinesis.data);
      if (feedUpdated !== undefined) await notifyFollowers(dependencies, feedUpdated, signal);
    } catch (error) {
      const { sequenceNumber, partitionKey } = record.kinesis;
      logger.error('a record could not be handled; it will be delivered again', {
        sequenceNumber,
        partitionKey,
        error,
      });
      throw error;
    }
  };
  // A processor holds the state of one batch.
  const processor = new BatchProcessor(EventType.KinesisDataStreams);
  return processPartialResponse(event, handle, processor, {
    context,
    processInParallel: false,
    // All records failing is no different: each is named, and none is bisected away with its neighbours.
    throwOnFullBatchFailure: false,
  });
}
