import type { CallAws } from '../../aws/dispatcher.ts';
import type { Principal } from '../../aws/principal.ts';
import { queueUrlOfArn } from '../../aws/queue-of-arn.ts';
import { failureKey } from './failure-key.ts';

/** What was given up. */
export interface Failure {
  /** Says which records they were; they have to be read from the stream. */
  readonly message: Readonly<Record<string, unknown>>;
  /** The event that the function did not take, with the records themselves. */
  readonly event: unknown;
  readonly shardId: string;
  readonly nowMs: number;
}

/** Tells of what was given up; rejects with AwsError where it cannot. */
export type SendFailure = (failure: Failure) => Promise<void>;

export interface FailureDestinationOptions {
  readonly callAws: CallAws;
  /** The function's role, which sends. */
  readonly principal: Principal;
  /** UUID of the mapping. */
  readonly mappingId: string;
}

/** The failure destination with this ARN: a queue, a topic, or a bucket, which alone is given the records, too. */
export function failureDestination(arn: string, options: FailureDestinationOptions): SendFailure {
  const { callAws, principal, mappingId } = options;
  const service = arn.split(':')[2];
  if (service === 'sns') {
    return async ({ message }) => {
      await callAws('sns', 'Publish', { TopicArn: arn, Message: JSON.stringify(message) }, principal);
    };
  }
  if (service === 's3') {
    const Bucket = arn.slice(arn.lastIndexOf(':') + 1);
    return async ({ message, event, shardId, nowMs }) => {
      // The event is JSON within JSON ("payload": "<Whole Event>" of the developer guide).
      const Body = JSON.stringify({ ...message, payload: JSON.stringify(event) });
      await callAws('s3', 'PutObject', { Bucket, Key: failureKey({ mappingId, shardId, nowMs }), Body }, principal);
    };
  }
  const QueueUrl = queueUrlOfArn(arn);
  return async ({ message }) => {
    await callAws('sqs', 'SendMessage', { QueueUrl, MessageBody: JSON.stringify(message) }, principal);
  };
}
