import { describe, expect, it } from 'vitest';
import { type DeadLetterBooks, deadLetterBreaches } from '../../../local/soak/dead-letter-ledger.ts';

const attributes = {
  error: 'unreadable: no JSON',
  attempts: '1',
  setAsideAt: '2026-11-22T00:00:00.000Z',
  sourceMessageId: 'm1',
};
const letter = { queue: 'video', body: 'poison', attributes, workId: undefined };
const consumers = ['NotificationsWorker', 'AnalyticsWorker'];

const books: DeadLetterBooks = {
  poisonMessages: [{ queue: 'video', messageId: 'm1', body: 'poison' }],
  poisonRecords: ['7'],
  consumers,
  // Whoever died between the dead letter and its acknowledgement left another one.
  letters: [letter, letter],
  failedRecords: consumers.map((consumer) => ({ consumer, sequenceNumber: '7' })),
  unnamedObjects: [],
  leftIn: new Map([['Data/VideoWork/Queue', 0]]),
};

describe('deadLetterBreaches', () => {
  it('finds none where the poison was set aside with its reason, and nothing else', () => {
    expect(deadLetterBreaches(books)).toEqual([]);
  });

  it.each<[string, Partial<DeadLetterBooks>, string]>([
    ['poison that is lost', { letters: [] }, 'poison m1 of queue video was not set aside'],
    [
      'poison without its reason',
      { letters: [{ ...letter, attributes: { sourceMessageId: 'm1', attempts: '1' } }] },
      'poison m1 was set aside without error, setAsideAt',
    ],
    ['poison that was changed', { letters: [{ ...letter, body: 'Poison' }] }, 'poison m1 of queue video was changed'],
    [
      'work that was set aside',
      { letters: [letter, { ...letter, workId: 'v1', attributes: { ...attributes, sourceMessageId: 'm2' } }] },
      'work v1 of queue video is among the dead letters: unreadable: no JSON',
    ],
    [
      'what SQS moved',
      { letters: [letter, { ...letter, attributes: {} }] },
      'work poison of queue video is among the dead letters: nobody says why',
    ],
    [
      'a poison record that a consumer passed over',
      { failedRecords: books.failedRecords.slice(1) },
      'NotificationsWorker did not set aside poison record 7',
    ],
    [
      'a record that was given up',
      { failedRecords: [...books.failedRecords, { consumer: 'AnalyticsWorker', sequenceNumber: '8' }] },
      'AnalyticsWorker gave up record 8, which is no poison',
    ],
    [
      'an entry of the outbox that was given up',
      { failedRecords: [...books.failedRecords, { consumer: 'OutboxRelay', sequenceNumber: '8' }] },
      'OutboxRelay gave up a record',
    ],
    [
      'failed records that no message names',
      { unnamedObjects: ['aws/lambda/x'] },
      'no message names the failed records in aws/lambda/x',
    ],
    [
      'messages that are left',
      { leftIn: new Map([['Data/VideoWork/Queue', 2]]) },
      '2 messages are left in Data/VideoWork/Queue',
    ],
  ])('finds %s', (_, change, sentence) => {
    expect(deadLetterBreaches({ ...books, ...change })).toContain(sentence);
  });
});
