import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Queue } from '../../../../../local/twin/aws/sqs/queue.ts';
import { defaultAttributes, queueSettings } from '../../../../../local/twin/aws/sqs/queue-attributes.ts';
import type { MessageContent, QueueMessage } from '../../../../../local/twin/aws/sqs/queue-message.ts';

const START_MS = 1_000_000;

function content(id: string, groupId?: string, sentMs = START_MS): MessageContent {
  return {
    id,
    body: id,
    md5OfBody: '',
    attributes: undefined,
    md5OfAttributes: undefined,
    traceHeader: undefined,
    senderId: 'me',
    sentMs,
    groupId,
    deduplicationId: undefined,
    sequenceNumber: undefined,
    deadLetterSourceArn: undefined,
  };
}

function newQueue(isFifo: boolean, attributes: Record<string, string> = {}): Queue {
  return new Queue('q', queueSettings({ ...defaultAttributes(isFifo), ...attributes }));
}

const ids = (messages: readonly QueueMessage[]): string[] => messages.map(({ id }) => id);

describe('Queue', () => {
  it('hides a message until its delay is over, to the millisecond', () => {
    const queue = newQueue(false);
    queue.send(content('a'), START_MS, 5_000);
    expect(queue.counts(START_MS + 4_999)).toEqual({ visible: 0, delayed: 1, inFlight: 0 });
    expect(queue.nextDueMs).toBe(START_MS + 5_000);
    expect(ids(queue.receive(10, START_MS + 5_000, 0))).toEqual(['a']);
  });

  it('knows since when its oldest message waits, whatever became of it but deletion', () => {
    const queue = newQueue(false);
    expect(queue.oldestSentMs(START_MS)).toBeUndefined();
    const first = queue.send(content('a'), START_MS);
    queue.send(content('b', undefined, START_MS + 500), START_MS + 500);
    queue.receive(1, START_MS + 500, 30_000);
    expect(queue.oldestSentMs(START_MS + 1_000)).toBe(START_MS);
    queue.delete(first);
    expect(queue.oldestSentMs(START_MS + 1_000)).toBe(START_MS + 500);
  });

  it('counts what was sent and what was deleted, but neither what was purged, nor what was moved or ran out', () => {
    const queue = newQueue(false);
    const first = queue.send(content('a'), START_MS);
    queue.send(content('b'), START_MS);
    queue.send(content('c'), START_MS);
    queue.delete(first);
    queue.takeAway(1, START_MS);
    queue.purge();
    expect(queue.totals).toEqual({ sent: 3, deleted: 1 });
  });

  it('shows a message again when its visibility timeout is over, and counts its receives', () => {
    const queue = newQueue(false);
    queue.send(content('a'), START_MS);
    const [first] = queue.receive(1, START_MS, 30_000);
    expect(queue.receive(1, START_MS + 29_999, 30_000)).toEqual([]);
    const [second] = queue.receive(1, START_MS + 30_000, 30_000);
    expect(second).toBe(first);
    expect(second).toMatchObject({ receiveCount: 2, firstReceivedMs: START_MS, receivedMs: START_MS + 30_000 });
  });

  it('forgets messages after their retention, in flight or not', () => {
    const queue = newQueue(false, { MessageRetentionPeriod: '60' });
    queue.send(content('a'), START_MS);
    queue.send(content('b'), START_MS);
    queue.receive(1, START_MS, 3_600_000);
    expect(queue.counts(START_MS + 59_999)).toEqual({ visible: 1, delayed: 0, inFlight: 1 });
    expect(queue.counts(START_MS + 60_000)).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
    expect(queue.find('a', START_MS + 60_000)).toBeUndefined();
  });

  it('hands on what was received too often, and goes on to the next', () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:dlq', maxReceiveCount: 2 });
    const queue = newQueue(false, { RedrivePolicy });
    const dead: string[] = [];
    const receive = () => ids(queue.receive(10, START_MS, 0, ({ id }) => dead.push(id) > 0));
    queue.send(content('a'), START_MS);
    expect([receive(), receive()]).toEqual([['a'], ['a']]);
    queue.send(content('b'), START_MS);
    expect(receive()).toEqual(['b']);
    expect(dead).toEqual(['a']);
  });

  it('keeps on giving a message that its dead-letter queue does not take', () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:dlq', maxReceiveCount: 1 });
    const queue = newQueue(true, { RedrivePolicy });
    queue.send(content('a', 'g'), START_MS);
    for (let round = 0; round < 3; round += 1) {
      expect(ids(queue.receive(10, START_MS + round, 1, () => false))).toEqual(['a']);
      expect(queue.counts(START_MS + round)).toEqual({ visible: 0, delayed: 0, inFlight: 1 });
    }
  });

  it('changes the delay of waiting messages with the setting in FIFO queues alone', () => {
    for (const isFifo of [true, false]) {
      const queue = newQueue(isFifo, { DelaySeconds: '60' });
      queue.send(content('a', 'g'), START_MS);
      queue.changeSettings({ ...queue.settings, delayMs: 1_000 });
      expect(queue.counts(START_MS + 1_000).visible).toBe(isFifo ? 1 : 0);
    }
  });

  it('has 120,000 messages in flight at most', () => {
    const queue = newQueue(false);
    for (let index = 0; index < 120_001; index += 1) queue.send(content(String(index)), START_MS);
    expect(queue.receive(200_000, START_MS, 1_000)).toHaveLength(120_000);
    expect([queue.isFull, queue.receive(1, START_MS, 1_000)]).toEqual([true, []]);
  });

  // 400,000 steps take half a second on a slow machine; quadratic work would take minutes, and the test would time out.
  it('is as quick with 200,000 messages as with few', () => {
    const queue = newQueue(false);
    for (let index = 0; index < 200_000; index += 1) queue.send(content(String(index), `t${index % 500}`), START_MS);
    for (let round = 0; round < 20_000; round += 1) {
      for (const message of queue.receive(10, START_MS, 30_000)) queue.delete(message);
    }
    expect(queue.counts(START_MS)).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });
});

/** What consumers do, in any order; numbers are reduced to what there is. */
const step = fc.oneof(
  fc.record({ do: fc.constant('send' as const), group: fc.integer({ min: 0, max: 3 }), delayMs: fc.constant(0) }),
  fc.record({ do: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }), forMs: fc.nat(50) }),
  fc.record({ do: fc.constant('delete' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('change' as const), pick: fc.nat(), forMs: fc.nat(50) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(40) }),
);

describe.each([true, false])('Queue, FIFO: %s, whatever consumers do', (isFifo) => {
  it('loses nothing, gives nothing to two at once, and keeps the order of FIFO groups', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const queue = newQueue(isFifo);
        const held = new Map<QueueMessage, number>();
        const deleted = new Set<string>();
        const sent: QueueMessage[] = [];
        let nowMs = START_MS;
        const pickHeld = (pick: number): QueueMessage | undefined => {
          const current = [...held].filter(([, untilMs]) => untilMs > nowMs).map(([message]) => message);
          return current[pick % Math.max(1, current.length)];
        };
        const take = (messages: readonly QueueMessage[], untilMs: number): void => {
          for (const message of messages) {
            expect(deleted.has(message.id)).toBe(false);
            expect(held.get(message) ?? 0).toBeLessThanOrEqual(nowMs);
            held.set(message, untilMs);
          }
        };
        const inOrder = (messages: readonly QueueMessage[]): void => {
          // Of each group: exactly the oldest that are left, none of which somebody else holds.
          for (const group of new Set(messages.map(({ groupId }) => groupId))) {
            const mine = messages.filter(({ groupId }) => groupId === group);
            const left = sent.filter(({ id, groupId }) => groupId === group && !deleted.has(id));
            expect(ids(mine)).toEqual(ids(left.slice(0, mine.length)));
            for (const other of left) expect(held.get(other) ?? 0).toBeLessThanOrEqual(nowMs);
          }
        };
        for (const each of steps) {
          if (each.do === 'send') sent.push(queue.send(content(`m${sent.length}`, `g${each.group}`), nowMs));
          if (each.do === 'wait') nowMs += each.ms;
          if (each.do === 'receive') {
            const messages = queue.receive(each.max, nowMs, each.forMs);
            if (isFifo) inOrder(messages);
            take(messages, nowMs + each.forMs);
          }
          if (each.do === 'delete') {
            const message = pickHeld(each.pick);
            if (!message || queue.find(message.id, nowMs) === undefined) continue;
            queue.delete(message);
            deleted.add(message.id);
            held.delete(message);
          }
          if (each.do === 'change') {
            const message = pickHeld(each.pick);
            if (message?.state !== 'in-flight') continue;
            queue.changeVisibility(message, nowMs + each.forMs, nowMs);
            held.set(message, nowMs + each.forMs);
          }
          const { visible, inFlight, delayed } = queue.counts(nowMs);
          expect(visible + inFlight + delayed).toBe(sent.length - deleted.size);
        }
        // In the end everything that was not deleted comes, once.
        nowMs += 1_000;
        const rest: string[] = [];
        for (;;) {
          const messages = queue.receive(10, nowMs, 60_000);
          if (messages.length === 0) break;
          for (const message of messages) {
            rest.push(message.id);
            queue.delete(message);
          }
        }
        expect(rest.sort()).toEqual(
          ids(sent)
            .filter((id) => !deleted.has(id))
            .sort(),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('a fair queue', () => {
  it('gives the messages of quiet tenants before those of a noisy one', () => {
    const queue = newQueue(false);
    for (let index = 0; index < 100; index += 1) queue.send(content(`noisy-${index}`, 'noisy'), START_MS);
    expect(queue.receive(11, START_MS, 30_000)).toHaveLength(11);
    queue.send(content('quiet', 'quiet'), START_MS);
    expect(ids(queue.receive(2, START_MS, 30_000))).toEqual(['quiet', 'noisy-11']);
  });

  it('goes by arrival where nobody is noisy', () => {
    const queue = newQueue(false);
    for (const tenant of ['a', 'b', 'a', 'c'])
      queue.send(content(`${tenant}-${queue.counts(0).visible}`, tenant), START_MS);
    expect(ids(queue.receive(4, START_MS, 0))).toEqual(['a-0', 'b-1', 'a-2', 'c-3']);
  });

  it('takes a tenant for quiet again when its messages are done', () => {
    const queue = newQueue(false);
    for (let index = 0; index < 20; index += 1) queue.send(content(`n-${index}`, 'n'), START_MS);
    const first = queue.receive(12, START_MS, 30_000);
    queue.send(content('q', 'q'), START_MS);
    for (const message of first) queue.delete(message);
    expect(ids(queue.receive(1, START_MS, 0))).toEqual(['n-12']);
  });
});
