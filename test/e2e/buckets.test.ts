import { gunzipSync } from 'node:zlib';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsClientOptions } from '../../lambdas/adapters/aws-client-options.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';
import { synthesizeApp } from '../support/synthesize-app.ts';

const patiently = { timeout: 15_000, interval: 50 };

describe('an app with buckets', () => {
  let twin: Twin;
  let remove = (): void => {};
  beforeAll(async () => {
    const app = synthesizeApp('uploads');
    remove = app.remove;
    twin = await runTwin(app.directory);
  });
  afterAll(async () => {
    await twin?.close();
    remove();
  });
  const sdk = () => ({
    ...awsClientOptions(),
    endpoint: twin.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'me', secretAccessKey: 'x' },
  });
  const invoke = async (payload: unknown) => {
    const FunctionName = physicalId(twin, 'AWS::Lambda::Function', 'UploadsFunction');
    const outcome = await new LambdaClient(sdk()).send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
    );
    return JSON.parse(Buffer.from(outcome.Payload ?? []).toString());
  };
  const objects = async (Prefix: string) => {
    const s3 = new S3Client(sdk());
    const Bucket = physicalId(twin, 'AWS::S3::Bucket', 'Archive');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    const bodies = Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    });
    return Promise.all(bodies);
  };

  it('is reached by a function with no options at all, and by what it signs without keys', async () => {
    expect(await invoke({ action: 'put', key: 'uploads/a', text: 'hello' })).toMatch(/^"[\da-f]{32}"$/);
    expect(await invoke({ action: 'get', key: 'uploads/a' })).toBe('hello');
    const url = await invoke({ action: 'sign', key: 'uploads/a' });
    expect(await (await fetch(url)).text()).toBe('hello');
    const other = await fetch(url.replace('uploads%2Fa', 'uploads%2Fb').replace('uploads/a', 'uploads/b'));
    expect(await other.text()).toContain('SignatureDoesNotMatch');
  });

  it('decides about a signed URL as about whoever signed it', async () => {
    const denied = await fetch(await invoke({ action: 'sign', key: 'private/a' }));
    expect(denied.status).toBe(403);
    expect(await denied.text()).toMatch(
      /<Code>AccessDenied<\/Code><Message>User: arn:aws:sts::\d+:assumed-role\/.* is not authorized to perform: s3:GetObject /,
    );
    expect(await invoke({ action: 'put', key: 'private/a', text: 'x' })).toMatchObject({ errorType: 'AccessDenied' });
  });

  it('tells the queue what was uploaded', async () => {
    const QueueUrl = physicalId(twin, 'AWS::SQS::Queue', 'Told');
    const sqs = new SQSClient(sdk());
    await invoke({ action: 'put', key: 'uploads/b c', text: 'hello' });
    const seen: string[] = [];
    await expect
      .poll(async () => {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        for (const { Body = '' } of Messages) {
          const { Event, Records: [record] = [] } = JSON.parse(Body);
          seen.push(Event ?? `${record.eventName} ${record.s3.object.key} ${record.s3.object.size}`);
        }
        return seen;
      }, patiently)
      .toEqual(expect.arrayContaining(['s3:TestEvent', 'ObjectCreated:Put uploads/b+c 5']));
  });

  it('answers the preflight of a page that may, and refuses one that may not', async () => {
    const ask = (Origin: string) =>
      fetch(`${twin.awsEndpointUrl}/${physicalId(twin, 'AWS::S3::Bucket', 'Media')}/uploads/a`, {
        method: 'OPTIONS',
        headers: { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
      });
    const allowed = await ask('https://app.example');
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
    expect((await ask('https://evil.example')).status).toBe(403);
  });

  it('archives a stream, and keeps what a consumer with enhanced fan-out gave up', async () => {
    const StreamName = physicalId(twin, 'AWS::Kinesis::Stream', 'Events');
    await new KinesisClient(sdk()).send(
      new PutRecordCommand({ StreamName, PartitionKey: 'ada', Data: Buffer.from('{"n":1}') }),
    );
    await expect
      .poll(async () => (await objects('events/')).map((body) => String(gunzipSync(body))), patiently)
      .toEqual(['{"n":1}']);
    await expect.poll(() => objects('aws/lambda/'), patiently).toHaveLength(1);
    const [failed] = await objects('aws/lambda/');
    const { Records } = JSON.parse(JSON.parse(String(failed)).payload);
    expect(atob(Records[0].kinesis.data)).toBe('{"n":1}');
  });
});
