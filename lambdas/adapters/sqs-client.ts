import { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsClientNeeds, awsClientOptions } from './aws-client-options.ts';

/**
 * The SQS client of one Lambda environment. It goes to the service's endpoint and not to the host in the queue's URL, which
 * is known to IPv4 alone: from a dual-stack subnet no route leads there.
 */
export function createSqsClient(needs: AwsClientNeeds = {}): SQSClient {
  return new SQSClient({ ...awsClientOptions(needs), useQueueUrlAsEndpoint: false });
}
