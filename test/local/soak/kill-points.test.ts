import { beforeEach, describe, expect, it } from 'vitest';
import { KillPoints } from '../../../local/soak/kill-points.ts';
import type { AwsCall } from '../../../local/twin/aws/aws-call.ts';
import type { InvokeOutcome } from '../../../local/twin/functions/invoke.ts';

const call = (service: string, operation: string): AwsCall => ({
  ...{ service, operation, input: {}, accessKeyId: 'key', endpointUrl: '' },
  signal: new AbortController().signal,
});
const put = call('dynamodb', 'PutItem');
const done: InvokeOutcome = { ok: true, payload: null };

describe('KillPoints', () => {
  let happened: string[];
  let points: KillPoints;
  beforeEach(() => {
    happened = [];
    points = new KillPoints(
      async (name) => void happened.push(`${name} is dead`),
      (name, point) => happened.push(`${name} dies ${point}`),
    );
  });
  const make = (each = put, name = 'worker') =>
    points.aroundCall(name, each, async () => {
      happened.push(each.operation);
      return 'answer';
    });
  const deliver = (outcome: InvokeOutcome = done) => points.aroundDelivery('worker', async () => outcome);

  it('lets everybody live unless it was told otherwise', async () => {
    expect(await make()).toBe('answer');
    expect(await deliver()).toBe(done);
    expect(happened).toEqual(['PutItem']);
  });

  it('kills before an effect, once', async () => {
    points.arm('worker', 'before an effect', 1);
    await expect(make()).rejects.toThrow('worker died before an effect');
    expect(await make()).toBe('answer');
    expect(happened).toEqual(['worker dies before an effect', 'worker is dead', 'PutItem']);
  });

  it('kills after the nth effect; reads are none, and those of others', async () => {
    points.arm('worker', 'after an effect', 2);
    await make();
    await make(call('dynamodb', 'GetItem'));
    await make(put, 'another');
    expect(happened).toEqual(['PutItem', 'GetItem', 'PutItem']);
    await expect(make(call('sqs', 'SendMessageBatch'))).rejects.toThrow('worker died after an effect');
    expect(happened.slice(3)).toEqual(['SendMessageBatch', 'worker dies after an effect', 'worker is dead']);
  });

  it('kills before the acknowledgement of what was done', async () => {
    points.arm('worker', 'before the acknowledgement', 1);
    await make();
    const failed: InvokeOutcome = { ok: false, kind: 'failed', errorType: 'Error', errorMessage: 'no' };
    expect(await deliver(failed)).toBe(failed);
    expect(await deliver()).toMatchObject({ ok: false, errorMessage: 'worker died before the acknowledgement' });
    expect(await deliver()).toBe(done);
  });

  it('lets live whom it was told to kill', async () => {
    points.arm('worker', 'before an effect', 1);
    points.disarm();
    expect(await make()).toBe('answer');
  });

  it.each([
    ['dynamodb', 'TransactWriteItems'],
    ['dynamodb', 'BatchWriteItem'],
    ['kinesis', 'PutRecords'],
    ['sqs', 'ChangeMessageVisibility'],
    ['s3', 'PutObject'],
    ['s3', 'CopyObject'],
  ])('takes %s:%s for an effect', async (service, operation) => {
    points.arm('worker', 'before an effect', 1);
    await expect(make(call(service, operation))).rejects.toThrow('died');
  });
});
