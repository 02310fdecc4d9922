import type { ServiceQuestions } from '../question.ts';
import { API_GATEWAY_QUESTIONS } from './api-gateway.ts';
import { CLOUDWATCH_QUESTIONS } from './cloudwatch.ts';
import { DYNAMODB_QUESTIONS } from './dynamodb.ts';
import { DYNAMODB_STREAMS_QUESTIONS } from './dynamodb-streams.ts';
import { EVENTS_QUESTIONS } from './events.ts';
import { EXECUTE_API_QUESTIONS } from './execute-api.ts';
import { FIREHOSE_QUESTIONS } from './firehose.ts';
import { KINESIS_QUESTIONS } from './kinesis.ts';
import { KMS_QUESTIONS } from './kms.ts';
import { LAMBDA_QUESTIONS } from './lambda.ts';
import { S3_QUESTIONS } from './s3.ts';
import { SCHEDULER_QUESTIONS } from './scheduler.ts';
import { SECRETS_MANAGER_QUESTIONS } from './secrets-manager.ts';
import { SNS_QUESTIONS } from './sns.ts';
import { SQS_QUESTIONS } from './sqs.ts';
import { SSM_QUESTIONS } from './ssm.ts';
import { STS_QUESTIONS } from './sts.ts';

/** What every operation of every service asks, by the names that the endpoint knows the services by. */
export const QUESTIONS: Readonly<Record<string, ServiceQuestions>> = {
  apigateway: API_GATEWAY_QUESTIONS,
  cloudwatch: CLOUDWATCH_QUESTIONS,
  dynamodb: DYNAMODB_QUESTIONS,
  dynamodbstreams: DYNAMODB_STREAMS_QUESTIONS,
  events: EVENTS_QUESTIONS,
  'execute-api': EXECUTE_API_QUESTIONS,
  firehose: FIREHOSE_QUESTIONS,
  kinesis: KINESIS_QUESTIONS,
  kms: KMS_QUESTIONS,
  lambda: LAMBDA_QUESTIONS,
  s3: S3_QUESTIONS,
  scheduler: SCHEDULER_QUESTIONS,
  secretsmanager: SECRETS_MANAGER_QUESTIONS,
  sns: SNS_QUESTIONS,
  sqs: SQS_QUESTIONS,
  ssm: SSM_QUESTIONS,
  sts: STS_QUESTIONS,
};
