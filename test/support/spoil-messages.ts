import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Tables } from '../../lambdas/contract/tables.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { documentClientOf, physicalId } from './aws-of-twin.ts';

const NOTHING = 'no JSON';
/** As Kinesis has it. */
export const SPOILT_RECORD = Buffer.from(NOTHING).toString('base64');

/** Puts what nobody understands wherever messages are. */
export async function spoilMessages(twin: Twin): Promise<void> {
  for (const queue of ['VideoWork/Queue', 'ActivityWork/Queue', 'Drill/Parking/Queue']) {
    await sendMessage(twin, queue, NOTHING);
  }
  await twin.callAws('kinesis', 'PutRecord', {
    StreamName: physicalId(twin, 'AWS::Kinesis::Stream', 'Events'),
    PartitionKey: 'nobody',
    Data: SPOILT_RECORD,
  });
  const { partitionKey, sortKey } = Tables.outbox;
  await documentClientOf(twin).send(
    new PutCommand({
      TableName: physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Tables/Outbox'),
      Item: { [partitionKey]: 'nobody', [sortKey]: 'nothing', kind: 'riddle' },
    }),
  );
}

export async function sendMessage(twin: Twin, queue: string, MessageBody: string): Promise<void> {
  await twin.callAws('sqs', 'SendMessage', { QueueUrl: physicalId(twin, 'AWS::SQS::Queue', queue), MessageBody });
}
