import type { DatabaseSync } from 'node:sqlite';
import type { AwsCall } from '../../../../../local/twin/aws/aws-call.ts';
import {
  type DynamoDbContext,
  type DynamoDbRoom,
  startDynamoDb,
} from '../../../../../local/twin/aws/dynamodb/dynamodb-room.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';

export const testCall: AwsCall = {
  service: 'dynamodb',
  operation: '',
  input: {},
  accessKeyId: undefined,
  endpointUrl: '',
  signal: new AbortController().signal,
};

/** A room on a clock that stands still, with a way to call it. */
export interface TestRoom {
  readonly room: DynamoDbRoom;
  readonly clock: ManualClock;
  /** Throws what the operation throws. */
  call<T = Record<string, unknown>>(operation: string, input: object): T;
  streams<T = Record<string, unknown>>(operation: string, input: object): T;
}

export function testRoom(options: Partial<DynamoDbContext> = {}, clock = new ManualClock()): TestRoom {
  const room = startDynamoDb({
    region: 'eu-west-1',
    accountId: '000000000000',
    nowMs: () => clock.now(),
    database: undefined as DatabaseSync | undefined,
    setTimer: () => () => {},
    ...options,
  });
  const run = (service: DynamoDbRoom['service']) => (operation: string, input: object) => {
    return service[operation]?.(input as Record<string, unknown>, testCall) as never;
  };
  return { room, clock, call: run(room.service), streams: run(room.streams.service) };
}

/** Input of CreateTable: key `pk` and `sk`, a global index `byGroup`, a local one `byScore`. */
export function tableInput(name: string, more: object = {}): object {
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
      { AttributeName: 'group', AttributeType: 'S' },
      { AttributeName: 'score', AttributeType: 'N' },
    ],
    KeySchema: keys('pk', 'sk'),
    GlobalSecondaryIndexes: [
      { IndexName: 'byGroup', KeySchema: keys('group', 'score'), Projection: { ProjectionType: 'ALL' } },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'byScore',
        KeySchema: keys('pk', 'score'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['text'] },
      },
    ],
    ...more,
  };
}

/** The error of a call that has to fail. */
export function errorOf(
  run: () => unknown,
): { readonly name: string; readonly message: string } & Record<string, unknown> {
  try {
    run();
  } catch (error) {
    const { name, message, members } = error as Error & { readonly members?: object };
    return { name, message, ...members };
  }
  throw new Error('the call did not fail');
}
