import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  payloadRuns,
  type QueueMessage,
  sqsFilterDocument,
  sqsRecord,
} from '../../../../../local/twin/functions/event-sources/sqs-event.ts';

const arn = 'arn:aws:sqs:eu-west-1:111122223333:work';
const LIMIT = 6 * 1024 * 1024;

function message(Body: string, id = '1'): QueueMessage {
  return { MessageId: id, ReceiptHandle: 'r', Body, MD5OfBody: 'md5' };
}

describe('SQS event', () => {
  it('has empty attributes where a message has none', () => {
    expect(sqsRecord(message('hello'), arn)).toEqual({
      messageId: '1',
      receiptHandle: 'r',
      body: 'hello',
      attributes: {},
      messageAttributes: {},
      md5OfBody: 'md5',
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: 'eu-west-1',
    });
  });

  it('shows filters a body parsed where it is JSON, and as text where it is not', () => {
    expect(sqsFilterDocument(message(' {"a":1}'), arn)).toMatchObject({ body: { a: 1 } });
    expect(sqsFilterDocument(message('[1]'), arn)).toMatchObject({ body: [1] });
    expect(sqsFilterDocument(message('{a:1}'), arn)).toMatchObject({ body: '{a:1}' });
    expect(sqsFilterDocument(message('7'), arn)).toMatchObject({ body: '7' });
  });

  it('counts a body as it stands in the event: what grows there may need an invocation of its own', () => {
    const controls = message(String.fromCharCode(1).repeat(600 * 1024));
    expect(payloadRuns([controls, controls], arn)).toHaveLength(2);
    expect(payloadRuns([message('x'.repeat(600 * 1024)), message('x')], arn)).toHaveLength(1);
  });

  it('keeps the order, loses nothing, and stays within the limit unless one message alone is over it', () => {
    const size = fc.integer({ min: 0, max: 3_500_000 });
    fc.assert(
      fc.property(fc.array(size, { maxLength: 8 }), (sizes) => {
        const messages = sizes.map((bytes, index) => message('x'.repeat(bytes), String(index)));
        const runs = payloadRuns(messages, arn);
        expect(runs.flat()).toEqual(messages);
        for (const run of runs) {
          const bytes = run.reduce((sum, each) => sum + JSON.stringify(sqsRecord(each, arn)).length, 0);
          expect(run.length === 1 || bytes <= LIMIT).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });
});
