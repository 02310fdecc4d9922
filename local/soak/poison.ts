import { pickOne, type Random } from './seeded-random.ts';

/** Bodies that no worker of a queue can read. */
const MESSAGES = [
  () => 'not JSON',
  () => '{}',
  (id: string) => JSON.stringify({ id, acceptedAtMs: 0 }),
  (id: string) => JSON.stringify({ id, acceptedAtMs: 0, data: { action: 'guess', sub: 7 } }),
  (id: string) => JSON.stringify({ id, data: { action: 'process', videoId: id } }),
];

/** Data that no consumer of the stream can read. */
const RECORDS = [
  () => 'not JSON',
  () => '[]',
  (id: string) => JSON.stringify({ specversion: '0.3', id, type: 'FeedUpdated' }),
  (id: string) => JSON.stringify({ specversion: '1.0', id, type: 'FeedUpdated', data: {} }),
];

/** Body of a message that nobody can read. */
export function poisonMessage(id: string, random: Random): string {
  return pickOne(MESSAGES, random)(id);
}

/** Data of a record that nobody can read, whatever types of events it consumes. */
export function poisonRecord(id: string, random: Random): string {
  return pickOne(RECORDS, random)(id);
}
