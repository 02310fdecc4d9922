import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessDenied, denialMessage } from '../../../../../local/twin/aws/iam/access-denied.ts';
import { arnOf, feed, functionIn, iamOf, role } from '../../../../support/iam-resources.ts';
import { type RunningAws, runAws } from '../../../../support/running-aws.ts';

const user = 'arn:aws:sts::000000000000:assumed-role/Feed/feed';

describe('denialMessage', () => {
  it.each([
    [{ explicit: false, by: 'identity' }, 'because no identity-based policy allows the kms:Decrypt action'],
    [{ explicit: false, by: 'resource' }, 'because no resource-based policy allows the kms:Decrypt action'],
    [{ explicit: false, by: 'boundary' }, 'because no permissions boundary allows the kms:Decrypt action'],
    [{ explicit: true, by: 'identity' }, 'with an explicit deny in an identity-based policy'],
    [{ explicit: true, by: 'resource' }, 'with an explicit deny in a resource-based policy'],
    [{ explicit: true, by: 'boundary' }, 'with an explicit deny in a permissions boundary'],
  ] as const)('of %j', (denial, reason) => {
    const question = { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:000000000000:key/k' };
    expect(denialMessage(user, question, { allowed: false, ...denial })).toBe(
      `User: ${user} is not authorized to perform: kms:Decrypt on resource: ${question.resource} ${reason}`,
    );
  });

  it('hides most of the account where API Gateway does', () => {
    const question = {
      action: 'execute-api:ManageConnections',
      resource: arnOf('execute-api', 'a/dev/POST/@connections/c'),
    };
    expect(denialMessage(user, question, { allowed: false, explicit: false, by: 'identity' })).toContain(
      'on resource: arn:aws:execute-api:eu-west-1:********0000:a/dev/POST/@connections/c because',
    );
  });
});

describe('accessDenied', () => {
  it.each([
    ['dynamodb', 'AccessDeniedException', 400],
    ['kms', 'AccessDeniedException', 400],
    ['lambda', 'AccessDeniedException', 403],
    ['execute-api', 'AccessDeniedException', 403],
    ['sns', 'AuthorizationError', 403],
    ['sts', 'AccessDenied', 403],
    ['s3', 'AccessDenied', 403],
    ['sqs', 'AccessDenied', 403],
  ])('of %s is %s with status %i', (service, type, statusCode) => {
    expect(accessDenied(service, 'no')).toMatchObject({ type, statusCode, message: 'no' });
  });
});

describe('a client of the SDK', () => {
  let running: RunningAws;
  const iam = iamOf([role('Feed'), functionIn('Feed')]);

  beforeAll(async () => {
    running = await runAws({ principalOf: () => feed, authorize: iam.authorizeCall });
  });
  afterAll(() => running.aws.close());

  const refused = (action: string, resource: string) =>
    `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

  it('sees a refusal as the service that it called would put it', async () => {
    const options = running.clientOptions();
    const table = arnOf('dynamodb', 'table/posts');
    await expect(
      new DynamoDBClient(options).send(new PutItemCommand({ TableName: 'posts', Item: { a: { S: 'x' } } })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException', message: refused('dynamodb:PutItem', table) });
    const QueueUrl = `${running.aws.url}/000000000000/work`;
    await expect(
      new SQSClient(options).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
      message: refused('sqs:sendmessage', arnOf('sqs', 'work')),
      $metadata: { httpStatusCode: 403 },
    });
    await expect(
      new KinesisClient(options).send(
        new PutRecordCommand({ StreamName: 'events', PartitionKey: 'a', Data: new Uint8Array([1]) }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    // Secrets Manager names the secret as the caller did.
    await expect(
      new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId: 'database' })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: refused('secretsmanager:GetSecretValue', 'database'),
    });
    await expect(new SSMClient(options).send(new GetParameterCommand({ Name: 'a' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: refused('ssm:GetParameter', arnOf('ssm', 'parameter/a')),
    });
    await expect(
      new SNSClient(options).send(new PublishCommand({ TopicArn: arnOf('sns', 't'), Message: 'x' })),
    ).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
      message: refused('SNS:Publish', arnOf('sns', 't')),
    });
  });
});
