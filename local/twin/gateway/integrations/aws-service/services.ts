import { queryInput } from '../../../aws/protocols/query-input.ts';
import { jsonService } from './json-service.ts';
import { queryService } from './query-service.ts';
import type { ServiceProtocol } from './service-protocol.ts';
import { SQS_SERVICE } from './sqs-service.ts';

/** Services that an AWS integration may call, by their name in its URI, which is that of the twin's endpoint, too. */
export const SERVICES: Readonly<Record<string, ServiceProtocol>> = {
  dynamodb: jsonService('DynamoDB_20120810', '1.0'),
  events: jsonService('AWSEvents', '1.1'),
  kinesis: jsonService('Kinesis_20131202', '1.1'),
  kms: jsonService('TrentService', '1.1'),
  secretsmanager: jsonService('secretsmanager', '1.1'),
  sns: queryService({ namespace: 'http://sns.amazonaws.com/doc/2010-03-31/', input: queryInput }),
  sqs: SQS_SERVICE,
  ssm: jsonService('AmazonSSM', '1.1'),
  sts: queryService({ namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', input: queryInput }),
};
