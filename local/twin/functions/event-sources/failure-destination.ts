import type { CallAws } from '../../aws/dispatcher.ts';
import type { Principal } from '../../aws/principal.ts';

/** Sends a message about what was given up; rejects with AwsError where it cannot. */
export type SendFailure = (message: unknown) => Promise<void>;

/** The failure destination with this ARN, a queue or a topic; the function's role sends. */
export function failureDestination(arn: string, callAws: CallAws, principal: Principal): SendFailure {
  const [, , service, , , name = ''] = arn.split(':');
  if (service === 'sns') {
    return async (message) => {
      await callAws('sns', 'Publish', { TopicArn: arn, Message: JSON.stringify(message) }, principal);
    };
  }
  return async (message) => {
    // The twin itself looks the address up: a role needs no more than sqs:SendMessage.
    const { QueueUrl } = await callAws('sqs', 'GetQueueUrl', { QueueName: name });
    await callAws('sqs', 'SendMessage', { QueueUrl, MessageBody: JSON.stringify(message) }, principal);
  };
}
