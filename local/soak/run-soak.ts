import { setTimeout as delay } from 'node:timers/promises';
import { type Person, signUpPerson } from '../demo/api-client.ts';
import { textTable } from '../demo/text-table.ts';
import { waitFor } from '../demo/wait-for.ts';
import type { Twin } from '../twin/twin.ts';
import { Actor, type SoakRecord } from './actor.ts';
import { causeFaults, type FaultCounts } from './faults.ts';
import { breaches } from './ledger.ts';
import { readTables } from './read-books.ts';
import { seededRandom } from './seeded-random.ts';

export interface SoakOptions {
  readonly minutes: number;
  /** Repeats the same people, faults and requests, as far as their interleaving goes. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

const ACTORS = 12;
const FOLLOWERS_EACH = 4;
const STRANGERS = 20;
/** Pause of an actor between two requests, at most: some 60 requests per second from all. */
const THINK_MS = 400;
const SAY_EVERY_MS = 15_000;
const DRAIN_MS = 120_000;

/**
 * Mixed load with random kills of functions, stream workers and the cache, then a full drain, then the books.
 *
 * @returns every breach of "each accepted request has exactly one effect", a sentence each.
 */
export async function runSoak(twin: Twin, { minutes, seed, say }: SoakOptions): Promise<string[]> {
  const random = seededRandom(seed);
  say(`seed ${seed}: ${ACTORS} people, ${minutes} min of posts, reads and follows, with kills`);
  const people: Person[] = [];
  for (let index = 0; index < ACTORS; index += 1) people.push(await signUpPerson(twin.apiUrl, `actor${index}`));
  const followersOf = await followInCircle(people);
  const strangers = Array.from({ length: STRANGERS }, (_, index) => strangerId(seed, index));
  const record: SoakRecord = { sent: [], follows: new Map(), statuses: new Map() };
  const actors = people.map((person) => new Actor({ person, strangers, record, random }));

  const stopping = new AbortController();
  const faults: FaultCounts = new Map();
  const causing = causeFaults(twin, random, faults, stopping.signal);
  const endMs = Date.now() + minutes * 60_000;
  const progress = setInterval(() => {
    const requests = [...record.statuses.values()].reduce((sum, count) => sum + count, 0);
    const left = Math.max(0, Math.round((endMs - Date.now()) / 1_000));
    say(
      `${requests} requests, ${record.sent.length} posts, ${sumOf(faults)} faults, ${memoryMegabytes()} MB; ${left} s left`,
    );
  }, SAY_EVERY_MS);
  await Promise.all(
    actors.map(async (actor) => {
      while (Date.now() < endMs) {
        await actor.act();
        await delay(random() * THINK_MS);
      }
    }),
  );
  stopping.abort();
  await causing;
  clearInterval(progress);

  say('draining …');
  await waitFor(async () => (isDrained(twin) ? true : undefined), DRAIN_MS, 'the streams were not drained');
  const tables = await readTables(twin);
  const books = { ...tables, sent: record.sent, followersOf, follows: [...record.follows.values()] };
  const found = [...breaches(books), ...(await deadLetters(twin))];
  say(report(record, faults, tables.notifications.length));
  return found;
}

/** Each follows the next few, for the whole time. */
async function followInCircle(people: readonly Person[]): Promise<Map<string, string[]>> {
  const followersOf = new Map<string, string[]>(people.map(({ id }) => [id, []]));
  for (const [index, follower] of people.entries()) {
    for (let step = 1; step <= FOLLOWERS_EACH; step += 1) {
      const followee = people[(index + step) % people.length];
      if (followee === undefined) continue;
      await follower.client.expect(204, 'PUT', `/api/follows/${followee.id}`);
      followersOf.get(followee.id)?.push(follower.id);
    }
  }
  return followersOf;
}

/** Somebody who never signed up: a ULID of zeros and a number. */
function strangerId(seed: number, index: number): string {
  return `${seed % 10}${index}`.padStart(26, '0');
}

function isDrained(twin: Twin): boolean {
  const { eventSources, functions, pendingEvents } = twin.status();
  if (pendingEvents > 0) return false;
  return (
    eventSources.every(({ backlog }) => backlog === 0) && functions.every(({ busy, waiting }) => busy + waiting === 0)
  );
}

/** A dead letter is an effect that did not happen. */
async function deadLetters(twin: Twin): Promise<string[]> {
  const queues = twin.resources.filter(({ type }) => type === 'AWS::SQS::Queue');
  const counts = await Promise.all(
    queues.map(async ({ physicalId, path }) => {
      const AttributeNames = ['ApproximateNumberOfMessages'];
      const { Attributes } = await twin.callAws('sqs', 'GetQueueAttributes', { QueueUrl: physicalId, AttributeNames });
      return { path, count: Number((Attributes as Record<string, string>).ApproximateNumberOfMessages) };
    }),
  );
  return counts.filter(({ count }) => count > 0).map(({ path, count }) => `${count} messages are left in ${path}`);
}

function report({ statuses, sent }: SoakRecord, faults: FaultCounts, notifications: number): string {
  const fates = Map.groupBy(sent, ({ fate }) => fate);
  const rows = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => [`status ${status || 'none'}`, count]);
  const kills = [...faults]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([target, count]) => [`killed ${target}`, count]);
  return textTable([
    ['', 'count'],
    ...rows,
    ...kills,
    ...[...fates].map(([fate, posts]) => [`posts ${fate}`, posts.length]),
    ['notifications', notifications],
    ['memory in MB', memoryMegabytes()],
  ]);
}

function memoryMegabytes(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
