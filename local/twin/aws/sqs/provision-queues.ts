import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { Input } from '../aws-call.ts';

/** Properties that CreateQueue takes under the same name. Encryption makes no difference on one machine. */
const QUEUE_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
];

type CallSqs = (operation: string, input: Input) => Promise<unknown>;

/** Creates the queues that the templates declare. */
export async function provisionQueues(resources: readonly ResolvedResource[], call: CallSqs): Promise<void> {
  const urls = new Map<ResolvedResource, unknown>();
  for (const queue of resources) {
    if (queue.type !== 'AWS::SQS::Queue') continue;
    const given = QUEUE_ATTRIBUTES.filter((name) => queue.properties[name] !== undefined);
    const { QueueUrl } = (await call('CreateQueue', {
      QueueName: queue.physicalId.split('/').at(-1),
      Attributes: Object.fromEntries(given.map((name) => [name, String(queue.properties[name])])),
    })) as Record<string, unknown>;
    urls.set(queue, QueueUrl);
  }
  // Second, because a redrive policy names another queue, which may stand further down in the template.
  for (const [queue, QueueUrl] of urls) {
    const { RedrivePolicy } = queue.properties;
    if (RedrivePolicy === undefined) continue;
    const Attributes = { RedrivePolicy: JSON.stringify(RedrivePolicy) };
    await call('SetQueueAttributes', { QueueUrl, Attributes });
  }
}
