import { describe, expect, it } from 'vitest';
import { DYNAMODB_TYPES } from '../../../../../local/twin/assembly/resource-types/dynamodb.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type TestRoom, testRoom } from './test-table.ts';

const byAuthor = {
  IndexName: 'byAuthor',
  KeySchema: [{ AttributeName: 'author', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};
const properties = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const indexed = {
  ...properties,
  AttributeDefinitions: [...properties.AttributeDefinitions, { AttributeName: 'author', AttributeType: 'S' }],
  GlobalSecondaryIndexes: [byAuthor],
};

function provision({ room }: TestRoom, declared: object, type = 'AWS::DynamoDB::Table'): void {
  room.provision([resource(type, 'posts', declared as Record<string, unknown>)]);
}

interface Described {
  readonly Table: {
    readonly LatestStreamArn?: string;
    readonly StreamSpecification?: { readonly StreamViewType: string };
    readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string; readonly ItemCount: number }[];
    readonly ProvisionedThroughput: { readonly ReadCapacityUnits: number; readonly WriteCapacityUnits: number };
  };
}

const describeTable = ({ call }: TestRoom) => call<Described>('DescribeTable', { TableName: 'posts' }).Table;
const put = ({ call }: TestRoom, id: string) =>
  call('PutItem', { TableName: 'posts', Item: { id: { S: id }, author: { S: 'ada' } } });

describe('tables of templates', () => {
  it('have a stream with the ARN that the template resolves to', () => {
    const test = testRoom();
    provision(test, { ...properties, StreamSpecification: { StreamViewType: 'NEW_IMAGE' } });
    const attributes = DYNAMODB_TYPES['AWS::DynamoDB::Table']?.attributes ?? {};
    const identity = {
      stackName: 'Stack',
      logicalId: 'posts',
      region: 'eu-west-1',
      accountId: '000000000000',
      name: 'posts',
      property: () => undefined,
    };
    const { LatestStreamArn, StreamSpecification } = describeTable(test);
    expect(LatestStreamArn).toBe(attributes.StreamArn?.(identity));
    expect(StreamSpecification?.StreamViewType).toBe('NEW_IMAGE');
    expect(test.room.streams.streamOf(LatestStreamArn ?? '')).toBeDefined();
  });

  it('keep their items when an index comes, and when it goes', () => {
    const test = testRoom();
    provision(test, properties);
    put(test, 'one');
    provision(test, indexed);
    expect(describeTable(test).GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'byAuthor', ItemCount: 1 }]);
    provision(test, indexed);
    provision(test, properties);
    expect(describeTable(test).GlobalSecondaryIndexes).toBeUndefined();
    expect(test.room.tables()).toEqual([{ name: 'posts', itemCount: 1 }]);
  });

  it('replace an index whose projection changes', () => {
    const test = testRoom();
    provision(test, indexed);
    put(test, 'one');
    const narrow = { ...byAuthor, Projection: { ProjectionType: 'KEYS_ONLY' } };
    provision(test, { ...indexed, GlobalSecondaryIndexes: [narrow] });
    expect(describeTable(test).GlobalSecondaryIndexes).toMatchObject([
      { Projection: { ProjectionType: 'KEYS_ONLY' }, ItemCount: 1 },
    ]);
  });

  it('get and lose a stream, which who reads it keeps', () => {
    const test = testRoom();
    const StreamSpecification = { StreamViewType: 'KEYS_ONLY' };
    provision(test, properties);
    put(test, 'before');
    provision(test, { ...properties, StreamSpecification });
    const stream = test.room.streams.streamOf(describeTable(test).LatestStreamArn ?? '');
    put(test, 'seen');
    provision(test, properties);
    put(test, 'unseen');
    provision(test, { ...properties, StreamSpecification });
    put(test, 'seen again');
    const ids = stream?.shards().flatMap(({ id }) => stream.read(id, undefined, 10).map(({ event }) => event));
    expect(ids?.map(({ dynamodb }) => dynamodb.Keys.id?.S).toSorted()).toEqual(['seen', 'seen again']);
  });

  it('let items expire as the template says, by another attribute too', () => {
    const test = testRoom();
    const ttl = (AttributeName: string) => ({ TimeToLiveSpecification: { AttributeName, Enabled: true } });
    provision(test, { ...properties, ...ttl('ttl') });
    const Item = { id: { S: 'one' }, expires: { N: String(test.clock.now() / 1000) } };
    test.call('PutItem', { TableName: 'posts', Item });
    test.room.deleteExpired();
    expect(test.room.tables()[0]?.itemCount).toBe(1);
    provision(test, { ...properties, ...ttl('expires') });
    test.room.deleteExpired();
    expect(test.room.tables()[0]?.itemCount).toBe(0);
  });

  it('have the throughput of a global table: of writes its own, of reads those of its Region', () => {
    const test = testRoom();
    const global = {
      ...properties,
      BillingMode: 'PROVISIONED',
      WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 7, MaxCapacity: 70 } },
      Replicas: [
        { Region: 'us-east-1', ReadProvisionedThroughputSettings: { ReadCapacityUnits: 9 } },
        { Region: 'eu-west-1', ReadProvisionedThroughputSettings: { ReadCapacityUnits: 5 } },
      ],
    };
    provision(test, global, 'AWS::DynamoDB::GlobalTable');
    expect(describeTable(test).ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 5, WriteCapacityUnits: 7 });
  });

  it('have the tags of the template', () => {
    const test = testRoom();
    provision(test, { ...properties, Tags: [{ Key: 'team', Value: 'feed' }] });
    provision(test, { ...properties, Tags: [{ Key: 'team', Value: 'search' }] });
    const ResourceArn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/posts';
    expect(test.call('ListTagsOfResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'team', Value: 'search' }] });
  });

  it('fail for another key: AWS would replace the table', () => {
    const test = testRoom();
    provision(test, properties);
    const changed = {
      ...properties,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
    };
    expect(() => provision(test, changed)).toThrow(
      "table 'posts' of stack 'Stack' would be replaced in AWS, and lose its items: its key was id HASH S and is id HASH N " +
        'now; give the table another logical id, or start the twin without its data',
    );
  });

  it('fail where CreateTable fails, with the logical id', () => {
    const test = testRoom();
    const wrong = { ...properties, KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] };
    expect(() => provision(test, wrong)).toThrow(
      "table 'posts' of stack 'Stack' is not valid: One or more parameter values were invalid: Some index key attributes " +
        'are not defined in AttributeDefinitions. Keys: [other], AttributeDefinitions: [id]',
    );
  });
});
