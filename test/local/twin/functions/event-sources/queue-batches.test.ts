import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type QueueHandler, queueMapping } from '../../../../support/queue-mapping.ts';
import { died, done } from '../../../../support/stream-mapping.ts';

describe('queue batches', () => {
  it.each([false, true])(
    'delivers each message until it succeeds or goes to the dead letters, exactly one of both (FIFO: %s)',
    async (isFifo) => {
      const action = fc.constantFrom('ok', 'ok', 'die', 'throttle', 'partial', 'restart');
      await fc.assert(
        fc.asyncProperty(
          fc.array(action, { maxLength: 20 }),
          fc.integer({ min: 1, max: 10 }),
          async (script, BatchSize) => {
            const dead = isFifo ? 'dead.fifo' : 'dead';
            const { timers, start, send, count } = await queueMapping({
              VisibilityTimeout: 5,
              ...(isFifo && { FifoQueue: true }),
              RedrivePolicy: { deadLetterTargetArn: `arn:aws:sqs:eu-west-1:111122223333:${dead}`, maxReceiveCount: 3 },
            });
            const steps = [...script];
            const processed: string[] = [];
            const handler: QueueHandler = (bodies, { Records }) => {
              const step = steps.shift();
              if (step === 'die') return died;
              if (step === 'throttle') return { ...died, kind: 'throttled' };
              const from = step === 'partial' ? Math.floor(Records.length / 2) : Records.length;
              processed.push(...bodies.slice(0, from));
              const failed = Records.slice(from).map(({ messageId }) => ({ itemIdentifier: messageId }));
              return step === 'partial' ? { ok: true, payload: { batchItemFailures: failed } } : done;
            };
            const properties = { BatchSize, FunctionResponseTypes: ['ReportBatchItemFailures'] };
            let sources = start(properties, handler);
            const sent: string[] = [];
            for (const [index, step] of script.entries()) {
              const group = 'abc'.charAt(index % 3);
              const body = `${group}${String(index).padStart(2, '0')}`;
              await send(body, isFifo ? { MessageGroupId: group, MessageDeduplicationId: body } : {});
              sent.push(body);
              if (step !== 'restart') continue;
              await sources.close();
              sources = start(properties, handler);
            }
            await timers.advance(120_000);
            expect(new Set(processed).size).toBe(processed.length);
            expect(await count()).toEqual({ visible: 0, inFlight: 0 });
            expect(processed.length + (await count(dead)).visible).toBe(sent.length);
            for (const group of isFifo ? 'abc' : '') {
              const own = processed.filter((body) => body.startsWith(group));
              expect(own).toEqual(own.toSorted());
            }
            await sources.close();
          },
        ),
        { numRuns: 30 },
      );
    },
  );
});
