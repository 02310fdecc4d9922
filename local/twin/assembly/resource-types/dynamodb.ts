import { type Attribute, shortId } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { namedArn, ownName, type ResourceTypes, runs } from './resource-type.ts';

const tableArn = namedArn('dynamodb', 'table/');
const tableStreamArn: Attribute = (resource) => `${String(tableArn(resource))}/stream/2026-01-01T00:00:00.000`;

export const DYNAMODB_TYPES: ResourceTypes = {
  'AWS::DynamoDB::GlobalTable': runs({
    name: 'TableName',
    ref: ownName,
    attributes: { Arn: tableArn, StreamArn: tableStreamArn, TableId: (resource) => shortId(resource, 24) },
    properties: {
      ...honoured('AttributeDefinitions', 'GlobalSecondaryIndexes', 'KeySchema', 'LocalSecondaryIndexes', 'TableName'),
      ...ignored('items do not expire', 'TimeToLiveSpecification'),
      ...ignored('the twin has one Region', 'Replicas', 'GlobalTableWitnesses', 'MultiRegionConsistency'),
      ...ignored('streams of tables are not run', 'StreamSpecification'),
      ...withoutEffect(
        'BillingMode',
        'ReadOnDemandThroughputSettings',
        'ReadProvisionedThroughputSettings',
        'SSESpecification',
        'TableType',
        'WarmThroughput',
        'WriteOnDemandThroughputSettings',
        'WriteProvisionedThroughputSettings',
      ),
      ...refused('there is no other table to copy', 'GlobalTableSourceArn'),
      ...refused('vector indexes are not run', 'VectorIndexes'),
    },
  }),
  'AWS::DynamoDB::Table': runs({
    name: 'TableName',
    ref: ownName,
    attributes: { Arn: tableArn, StreamArn: tableStreamArn },
    properties: {
      ...honoured('AttributeDefinitions', 'GlobalSecondaryIndexes', 'KeySchema', 'LocalSecondaryIndexes', 'TableName'),
      ...ignored('items do not expire', 'TimeToLiveSpecification'),
      ...ignored('streams of tables are not run', 'StreamSpecification', 'KinesisStreamSpecification'),
      ...ignored('resource policies are not evaluated', 'ResourcePolicy'),
      ...withoutEffect(
        'BillingMode',
        'ContributorInsightsSpecification',
        'DeletionProtectionEnabled',
        'OnDemandThroughput',
        'PointInTimeRecoverySpecification',
        'ProvisionedThroughput',
        'SSESpecification',
        'TableClass',
        'Tags',
        'WarmThroughput',
      ),
      ...refused('there is no bucket to import from', 'ImportSourceSpecification'),
      ...refused('vector indexes are not run', 'VectorIndexes'),
    },
  }),
};
