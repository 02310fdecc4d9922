import type { CallAws } from '../../aws/dispatcher.ts';
import type { Principal } from '../../aws/principal.ts';
import { queueUrlOfArn } from '../../aws/queue-of-arn.ts';

/** Sends a message about what was given up; rejects with AwsError where it cannot. */
export type SendFailure = (message: unknown) => Promise<void>;

/** The failure destination with this ARN, a queue or a topic; the function's role sends. */
export function failureDestination(arn: string, callAws: CallAws, principal: Principal): SendFailure {
  if (arn.split(':')[2] === 'sns') {
    return async (message) => {
      await callAws('sns', 'Publish', { TopicArn: arn, Message: JSON.stringify(message) }, principal);
    };
  }
  const QueueUrl = queueUrlOfArn(arn);
  return async (message) => {
    await callAws('sqs', 'SendMessage', { QueueUrl, MessageBody: JSON.stringify(message) }, principal);
  };
}
