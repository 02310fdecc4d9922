import type { SQSRecord } from 'aws-lambda';

/** How often SQS has delivered a message, as far as it knows: 1 for the first time. */
export function receiveCount({ attributes }: Pick<SQSRecord, 'attributes'>): number {
  return Math.max(1, Number(attributes.ApproximateReceiveCount) || 1);
}
