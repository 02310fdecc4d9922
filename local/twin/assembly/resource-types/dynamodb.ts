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
      ...honoured(
        'AttributeDefinitions',
        'BillingMode',
        'GlobalSecondaryIndexes',
        'KeySchema',
        'LocalSecondaryIndexes',
        'ReadProvisionedThroughputSettings',
        'StreamSpecification',
        'TableName',
        'TimeToLiveSpecification',
        'WriteProvisionedThroughputSettings',
      ),
      ...ignored(
        'only the replica of its own Region is there: its throughput, tags and policy are honoured',
        'Replicas',
      ),
      ...ignored('the twin has one Region', 'GlobalTableWitnesses', 'MultiRegionConsistency'),
      ...ignored(
        'maxima of on-demand tables are not enforced',
        'ReadOnDemandThroughputSettings',
        'WriteOnDemandThroughputSettings',
      ),
      ...withoutEffect('SSESpecification', 'TableType', 'WarmThroughput'),
      ...refused('there is no other table to copy', 'GlobalTableSourceArn'),
      ...refused('vector indexes are not run', 'VectorIndexes'),
    },
  }),
  'AWS::DynamoDB::Table': runs({
    name: 'TableName',
    ref: ownName,
    attributes: { Arn: tableArn, StreamArn: tableStreamArn },
    properties: {
      ...honoured(
        'AttributeDefinitions',
        'BillingMode',
        'DeletionProtectionEnabled',
        'GlobalSecondaryIndexes',
        'KeySchema',
        'LocalSecondaryIndexes',
        'ProvisionedThroughput',
        'ResourcePolicy',
        'StreamSpecification',
        'TableName',
        'Tags',
        'TimeToLiveSpecification',
      ),
      ...ignored('changes of tables are not sent to Kinesis', 'KinesisStreamSpecification'),
      ...ignored('maxima of on-demand tables are not enforced', 'OnDemandThroughput'),
      ...withoutEffect(
        'ContributorInsightsSpecification',
        'PointInTimeRecoverySpecification',
        'SSESpecification',
        'TableClass',
        'WarmThroughput',
      ),
      ...refused('there is no bucket to import from', 'ImportSourceSpecification'),
      ...refused('vector indexes are not run', 'VectorIndexes'),
    },
  }),
};
