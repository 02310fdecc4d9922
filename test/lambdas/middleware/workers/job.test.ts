import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readJob } from '../../../../lambdas/middleware/workers/job.ts';
import { sqsRecord } from '../../../support/worker-events.ts';

const Task = v.strictObject({ task: v.pipe(v.string(), v.toUpperCase()) });
const item = { id: 'job-1', acceptedAtMs: 7, data: { task: 'a' } };
const read = (body: unknown, receives = 1) => readJob(Task, sqsRecord({ messageId: 'm', body, receives }));

describe('readJob', () => {
  it('reads the work in a message, its data as the schema has it', () => {
    const whole = { ...item, deadlineMs: 9, traceparent: '00-1', group: 'acme', another: 'member' };
    expect(read(whole, 3)).toEqual({
      kind: 'job',
      job: {
        id: 'job-1',
        data: { task: 'A' },
        attempt: 3,
        acceptedAtMs: 7,
        deadlineMs: 9,
        traceparent: '00-1',
        messageId: 'm',
      },
    });
  });

  it.each(['', '0', 'NaN', '-1'])('takes a delivery whose number is %j for the first', (count) => {
    const record = sqsRecord({ body: item });
    record.attributes.ApproximateReceiveCount = count;
    expect(readJob(Task, record)).toMatchObject({ job: { attempt: 1 } });
  });

  it.each(['', '{', '[]', 'null', '"job"', { data: {} }, { ...item, acceptedAtMs: 'today' }, { ...item, id: '' }])(
    'finds no work in %j',
    (body) => {
      expect(read(body)).toMatchObject({ kind: 'unreadable', job: undefined, error: { retryable: false } });
    },
  );

  it('says whose work it is whose data is against the schema, and quotes no more of it than it takes', () => {
    const result = read({ ...item, data: { task: 'a', [`secret${'x'.repeat(500)}`]: 1 } });
    expect(result).toMatchObject({ kind: 'unreadable', job: { id: 'job-1', attempt: 1 } });
    const { message } = (result as { readonly error: Error }).error;
    expect(message).toMatch(/^the data of the work is against its schema, at secretx+: Invalid key/);
    expect(message.length).toBeLessThan(800);
  });
});
