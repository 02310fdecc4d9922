import type { Principal } from '../../aws/principal.ts';
import type { EventSourceOptions } from './event-source-options.ts';
import type { Refuse } from './mapping-properties.ts';
import type { StreamSource } from './stream-source.ts';

/** Permissions on a queue that Lambda wants the role to have, in the order in which it checks them. */
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** Refuses, as CreateEventSourceMapping does, where the function's role may not read the stream. */
export function checkStreamAccess(
  arn: string,
  service: string,
  { readActions, readActionsSentence }: StreamSource,
  principal: Principal,
  { authorizeRead }: EventSourceOptions,
  refuse: Refuse,
): void {
  const actions = readActions.map((action) => `${service}:${action}`);
  const denial = authorizeRead?.(principal, actions, arn);
  if (denial === undefined) return;
  refuse(
    `Cannot access stream ${arn}. Please ensure the role can perform the ${readActionsSentence} Actions on your stream ` +
      `in IAM. (${denial})`,
  );
}

/** Refuses where the function's role may not be sent the records of a consumer with enhanced fan-out. */
export function checkConsumerAccess(
  arn: string,
  principal: Principal,
  { authorizeRead }: EventSourceOptions,
  refuse: Refuse,
): void {
  if (!arn.includes('/consumer/')) return;
  const denial = authorizeRead?.(principal, ['kinesis:SubscribeToShard'], arn);
  if (denial === undefined) return;
  refuse(`the role of the function needs kinesis:SubscribeToShard on the consumer ${arn} (${denial})`);
}

/** Refuses where the function's role may not look at the bucket that is to have failed records: Lambda looks before it writes. */
export function checkBucketAccess(
  arn: string,
  principal: Principal,
  { authorizeRead }: EventSourceOptions,
  refuse: Refuse,
): void {
  if (arn.split(':')[2] !== 's3') return;
  const denial = authorizeRead?.(principal, ['s3:ListBucket'], arn);
  if (denial === undefined) return;
  refuse(`the role of the function needs s3:ListBucket and s3:PutObject on the failure destination ${arn} (${denial})`);
}

/** Refuses, as CreateEventSourceMapping does, where the function's role may not poll the queue. */
export function checkQueueAccess(
  arn: string,
  principal: Principal,
  { authorizeRead }: EventSourceOptions,
  refuse: Refuse,
): void {
  for (const action of QUEUE_ACTIONS) {
    const denial = authorizeRead?.(principal, [`sqs:${action}`], arn);
    if (denial === undefined) continue;
    refuse(`The provided execution role does not have permissions to call ${action} on SQS (${denial})`);
  }
}
