import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { AwsCall, AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import type { AwsRoom } from '../aws-room.ts';
import { provisionQueues } from './provision-queues.ts';

const OPERATIONS = [
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'CreateQueue',
  'DeleteMessage',
  'DeleteMessageBatch',
  'DeleteQueue',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
  'SetQueueAttributes',
];

/** SQS by fauxqs. */
export async function startSqs(): Promise<AwsRoom> {
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  await app.ready();
  const forward = async (operation: string, input: Input, endpointUrl: string): Promise<unknown> => {
    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `AmazonSQS.${operation}`,
        Authorization:
          'AWS4-HMAC-SHA256 Credential=T/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
      },
      payload: JSON.stringify(input),
    });
    const output = JSON.parse(answer.body.replaceAll(/http:\/\/sqs\.[^/"]+/g, endpointUrl) || '{}') as Record<
      string,
      unknown
    >;
    if (answer.statusCode === 200) return output;
    throw new AwsError(String(output.__type), String(output.message), { statusCode: answer.statusCode });
  };
  const service: AwsService = Object.fromEntries(
    OPERATIONS.map((operation) => [
      operation,
      (input: Input, call: AwsCall) => forward(operation, input, call.endpointUrl),
    ]),
  );
  return {
    service,
    provision: (resources: readonly ResolvedResource[]) =>
      provisionQueues(resources, (operation, input) => forward(operation, input, 'http://127.0.0.1')),
    close: () => app.close(),
  };
}
