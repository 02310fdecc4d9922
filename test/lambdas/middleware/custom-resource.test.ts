import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createCustomResource } from '../../../lambdas/middleware/custom-resource.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';

const event = (RequestType: 'Create' | 'Update' | 'Delete'): CloudFormationCustomResourceEvent =>
  ({
    RequestType,
    ServiceToken: 'arn:aws:lambda:eu-central-1:123456789012:function:setup:live',
    ResponseURL: 'https://cloudformation.example/answer?signed',
    StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/data/uuid',
    RequestId: 'request',
    LogicalResourceId: 'Topic',
    PhysicalResourceId: 'Topic',
    ResourceType: 'Custom::KafkaTopic',
    ResourceProperties: { ServiceToken: 'arn', Partitions: '6' },
    OldResourceProperties: {},
  }) as CloudFormationCustomResourceEvent;

function fixture(
  apply: (properties: Readonly<Record<string, unknown>>) => Promise<Record<string, string>>,
  status = 200,
) {
  const calls: { readonly url: string; readonly init: RequestInit }[] = [];
  const send = (async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    return new Response(null, { status });
  }) as unknown as typeof fetch;
  const handler = createCustomResource({ apply, logger: new RecordingLogger(), send });
  const reply = () => JSON.parse(String(calls[0]?.init.body)) as Record<string, unknown>;
  return { handler, calls, reply };
}

const IDS = {
  RequestId: 'request',
  LogicalResourceId: 'Topic',
  PhysicalResourceId: 'Topic',
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/data/uuid',
};

describe('a custom resource', () => {
  it.each(['Create', 'Update'] as const)('answers a %s with what it has made', async (type) => {
    const { handler, calls, reply } = fixture(async ({ Partitions }) => ({ Made: String(Partitions) }));
    await handler(event(type));
    expect(reply()).toEqual({ Status: 'SUCCESS', Data: { Made: '6' }, ...IDS });
    expect(calls[0]).toMatchObject({
      url: 'https://cloudformation.example/answer?signed',
      init: { method: 'PUT', headers: { 'content-type': '' } },
    });
  });

  it('leaves what it made alone when it is deleted', async () => {
    let applied = 0;
    const { handler, reply } = fixture(async () => {
      applied += 1;
      return {};
    });
    await handler(event('Delete'));
    expect(applied).toBe(0);
    expect(reply()).toMatchObject({ Status: 'SUCCESS', ...IDS });
  });

  it('fails the deployment with the reason, cut to what CloudFormation takes', async () => {
    const { handler, reply } = fixture(async () => {
      throw new Error(`no broker ${'x'.repeat(5_000)}`);
    });
    await handler(event('Create'));
    expect(reply()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Error: no broker'), ...IDS });
    expect(JSON.stringify(reply()).length).toBeLessThan(4_096);
  });

  it('fails itself where CloudFormation could not be answered', async () => {
    const { handler } = fixture(async () => ({}), 403);
    await expect(handler(event('Create'))).rejects.toThrow('CloudFormation answers 403 to the reply of Topic');
  });
});
