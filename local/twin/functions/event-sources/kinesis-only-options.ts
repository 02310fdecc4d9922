import { AwsError } from '../../aws/aws-error.ts';
import type { KinesisStore } from '../../aws/kinesis/kinesis-store.ts';
import type { EventSourceOptions } from './event-source-options.ts';

/** What the twin gave before mappings read anything but Kinesis. Goes when twin.ts gives `streamOf` and `callAws`. */
export interface KinesisOnlyOptions extends Omit<EventSourceOptions, 'callAws' | 'streamOf'> {
  readonly store: KinesisStore;
  /** Sends a message to the queue with this ARN. */
  readonly sendToQueue: (queueArn: string, message: unknown) => Promise<void>;
}

export function withoutStore({ store, sendToQueue, ...options }: KinesisOnlyOptions): EventSourceOptions {
  const { region, accountId } = options;
  return {
    ...options,
    streamOf: (arn) => store.streamOf(arn),
    callAws: async (service, operation, input) => {
      if (operation !== 'SendMessage') throw new AwsError('UnknownOperationException', `${service}:${operation}`);
      const name = String(input.QueueUrl).split('/').at(-1);
      await sendToQueue(`arn:aws:sqs:${region}:${accountId}:${name}`, JSON.parse(String(input.MessageBody)));
      return {};
    },
  };
}
