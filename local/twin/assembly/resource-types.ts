import { API_GATEWAY_TYPES } from './resource-types/api-gateway.ts';
import { API_GATEWAY_V2_TYPES } from './resource-types/api-gateway-v2.ts';
import { CLOUDFORMATION_TYPES } from './resource-types/cloudformation.ts';
import { DYNAMODB_TYPES } from './resource-types/dynamodb.ts';
import { EC2_TYPES } from './resource-types/ec2.ts';
import { ELASTICACHE_TYPES } from './resource-types/elasticache.ts';
import { EVENTS_TYPES } from './resource-types/events.ts';
import { FIREHOSE_TYPES } from './resource-types/firehose.ts';
import { IAM_TYPES } from './resource-types/iam.ts';
import { KINESIS_TYPES } from './resource-types/kinesis.ts';
import { KMS_TYPES } from './resource-types/kms.ts';
import { LAMBDA_TYPES } from './resource-types/lambda.ts';
import { OPERATIONS_TYPES } from './resource-types/operations.ts';
import type { ResourceTypes } from './resource-types/resource-type.ts';
import { S3_TYPES } from './resource-types/s3.ts';
import { SECRETS_MANAGER_TYPES } from './resource-types/secrets-manager.ts';
import { SNS_TYPES } from './resource-types/sns.ts';
import { SQS_TYPES } from './resource-types/sqs.ts';
import { SSM_TYPES } from './resource-types/ssm.ts';

/** Every resource type that the twin knows; docs/twin.md is generated from it. */
export const RESOURCE_TYPES: ResourceTypes = {
  ...API_GATEWAY_TYPES,
  ...API_GATEWAY_V2_TYPES,
  ...CLOUDFORMATION_TYPES,
  ...DYNAMODB_TYPES,
  ...EC2_TYPES,
  ...ELASTICACHE_TYPES,
  ...EVENTS_TYPES,
  ...FIREHOSE_TYPES,
  ...IAM_TYPES,
  ...KINESIS_TYPES,
  ...KMS_TYPES,
  ...LAMBDA_TYPES,
  ...OPERATIONS_TYPES,
  ...S3_TYPES,
  ...SECRETS_MANAGER_TYPES,
  ...SNS_TYPES,
  ...SQS_TYPES,
  ...SSM_TYPES,
};
