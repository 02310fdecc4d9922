import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Tables as Schemas } from '../../../lambdas/contract/tables.ts';
import { Tables, type TablesProps } from '../../../lib/data/tables.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const TYPE = 'AWS::DynamoDB::GlobalTable';

function templateOf(props: TablesProps): Template {
  const stack = flaggedStack();
  new Tables(stack, 'Tables', props);
  return Template.fromStack(stack);
}

describe('Tables', () => {
  const dev = { removalPolicy: RemovalPolicy.DESTROY, deletionProtection: false };

  it('has one table for each schema of the contract, with its keys and its TTL attribute', () => {
    const template = templateOf({ ...dev, drill: true });
    template.resourceCountIs(TYPE, Object.keys(Schemas).length);
    for (const schema of Object.values(Schemas)) {
      const keys = [schema.partitionKey, 'sortKey' in schema ? schema.sortKey : undefined];
      template.hasResourceProperties(TYPE, {
        KeySchema: keys.flatMap((name, index) =>
          name === undefined ? [] : [{ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }],
        ),
        TimeToLiveSpecification: 'ttl' in schema ? { AttributeName: schema.ttl, Enabled: true } : Match.absent(),
      });
    }
  });

  it('has none for the drill service unless it is asked for', () => {
    templateOf(dev).resourceCountIs(TYPE, Object.keys(Schemas).length - 1);
  });

  it('has the two indexes that access patterns need, with keys alone', () => {
    const template = templateOf(dev);
    const tables = Object.values(template.findResources(TYPE));
    expect(tables.flatMap(({ Properties }) => Properties.GlobalSecondaryIndexes ?? [])).toEqual([
      expect.objectContaining({
        IndexName: 'byFollowee',
        KeySchema: [
          { AttributeName: 'followeeId', KeyType: 'HASH' },
          { AttributeName: 'followerId', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      }),
      expect.objectContaining({
        IndexName: 'byViews',
        KeySchema: [
          { AttributeName: 'period', KeyType: 'HASH' },
          { AttributeName: 'views', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      }),
    ]);
    // What they count by is a number, so that ten is more than nine.
    expect(tables.flatMap(({ Properties }) => Properties.AttributeDefinitions)).toContainEqual({
      AttributeName: 'views',
      AttributeType: 'N',
    });
  });

  it('has a stream of what is written to the outbox, and of no other table', () => {
    const streams = Object.entries(templateOf(dev).findResources(TYPE)).filter(
      ([, { Properties }]) => Properties.StreamSpecification !== undefined,
    );
    expect(streams).toEqual([
      [
        expect.stringMatching(/^TablesOutbox/),
        expect.objectContaining({
          Properties: expect.objectContaining({ StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }),
        }),
      ],
    ]);
  });

  it('is on demand, encrypted, restorable to a point in time, and named by CloudFormation', () => {
    templateOf(dev).allResourcesProperties(TYPE, {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
      TableName: Match.absent(),
    });
  });

  it('can be kept from deletion, and outlives its stack', () => {
    const template = templateOf({ removalPolicy: RemovalPolicy.RETAIN, deletionProtection: true });
    template.allResources(TYPE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.allResourcesProperties(TYPE, { Replicas: [Match.objectLike({ DeletionProtectionEnabled: true })] });
  });

  it('goes with its stack where that is asked for', () => {
    const template = templateOf(dev);
    template.allResources(TYPE, { DeletionPolicy: 'Delete' });
    template.allResourcesProperties(TYPE, { Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] });
  });
});
