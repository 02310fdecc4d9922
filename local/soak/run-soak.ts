import { setTimeout as delay } from 'node:timers/promises';
import type { AnalyticsReply } from '../../lambdas/contract/analytics.ts';
import { waitFor } from '../demo/wait-for.ts';
import type { SkippableTime } from '../twin/skippable-time.ts';
import type { Twin } from '../twin/twin.ts';
import type { TwinFaults } from '../twin/twin-faults.ts';
import { Actor } from './actor.ts';
import { drain } from './drain.ts';
import { causeFaults } from './faults.ts';
import { KillPoints } from './kill-points.ts';
import { type Books, breaches } from './ledger.ts';
import { Meddler } from './meddler.ts';
import { Person } from './person.ts';
import { readDeadLetters } from './read-dead-letters.ts';
import { readTables } from './read-tables.ts';
import { replyBreaches } from './reply-ledger.ts';
import { provisionStream } from './reshard.ts';
import { randomOf } from './seeded-random.ts';
import { emptyRecord } from './soak-record.ts';
import { progressLine, reportTable } from './soak-report.ts';
import { CONSUMERS, type StageParts, stagePartsOf } from './stage-parts.ts';

export interface SoakOptions {
  readonly minutes: number;
  /** Repeats the same people, faults and requests, as far as their interleaving goes. */
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Starts a twin with these faults, by this time. */
  readonly startTwin: (faults: TwinFaults) => Promise<Twin>;
  /** The time that it goes by. */
  readonly time: SkippableTime;
  /** Makes the account of this address an administrator's. */
  readonly grantAdmin: (email: string, awsEndpointUrl: string) => Promise<unknown>;
}

const ACTORS = 6;
const FOLLOWERS_EACH = 3;
const STRANGERS = 20;
/** Pause of an actor between two requests, at most: some 60 requests per second from all. */
const THINK_MS = 200;
/** Load and faults, before all of it is brought to its end. */
const ROUND_MS = 7_000;
/** After an overload it takes some seconds until all are admitted again. */
const ADMITTED_WITHIN_MS = 60_000;

/**
 * Rounds of mixed load, in which whatever can go wrong does; after each all that was begun comes to its end, with the time
 * skipped that retries and leases wait for. Then the books.
 *
 * @returns every breach of "each accepted request has exactly one effect", a sentence each.
 */
export async function runSoak(options: SoakOptions): Promise<string[]> {
  const { minutes, seed, say, time } = options;
  const endMs = performance.now() + minutes * 60_000;
  say(`seed ${seed}: ${ACTORS} people, ${minutes} min of posts, views and videos; with deaths, duplicates and poison`);
  const faults = new Map<string, number>();
  const onFault = (what: string): void => void faults.set(what, (faults.get(what) ?? 0) + 1);
  // The twin's faults call the twin, which is started with them.
  let twin: Twin | undefined;
  const running = (): Twin => {
    if (twin) return twin;
    throw new Error('the twin is still starting');
  };
  const killPoints = new KillPoints(
    (name) => running().functions.kill(name),
    (name, point) => onFault(`died ${point}: ${labelOf(running(), name)}`),
  );
  let meddler: Meddler | undefined;
  const inner = killPoints;
  twin = await options.startTwin({
    aroundCall: (...call) => (meddler ?? inner).aroundCall(...call),
    aroundDelivery: (...delivery) => (meddler ?? inner).aroundDelivery(...delivery),
  });
  try {
    const parts = stagePartsOf(twin);
    const { callAws } = twin;
    meddler = new Meddler({ parts, callAws, random: randomOf(seed, 'meddler'), inner, onMeddled: onFault });
    const people = await signUpPeople(twin, ACTORS);
    const followersOf = await followInCircle(people);
    await provisionStream(callAws, parts.stream);
    const record = emptyRecord();
    const strangers = Array.from({ length: STRANGERS }, (_, index) => strangerId(seed, index));
    const actors = people.map(
      (person, index) => new Actor({ person, strangers, record, random: randomOf(seed, `actor ${index}`) }),
    );
    const random = randomOf(seed, 'faults');
    const thinking = randomOf(seed, 'thinking');
    let tookMs = 0;
    for (let round = 1; round === 1 || performance.now() + tookMs < endMs; round += 1) {
      const startMs = performance.now();
      // Tokens are good for a quarter of an hour, and rounds take hours by the twin's clock.
      if (round > 1) await Promise.all(people.map((person) => person.renew()));
      const roundEndMs = performance.now() + ROUND_MS;
      const stopping = new AbortController();
      meddler.turn('on');
      const causing = causeFaults({ twin, parts, random, killPoints, onFault }, stopping.signal);
      await Promise.all(
        actors.map(async (actor) => {
          while (performance.now() < roundEndMs) {
            await actor.act();
            await delay(thinking() * THINK_MS);
          }
        }),
      );
      stopping.abort();
      await causing;
      meddler.turn('off');
      const drainedMs = await drain(twin, time);
      tookMs = performance.now() - startMs;
      say(progressLine(round, { record, faults, drainedMs, leftMs: endMs - performance.now() }));
    }
    const books = await readBooks(twin, parts, { record, followersOf, meddler });
    const [root] = people;
    const reply = root ? await readReply(options, { twin, root }, books) : [];
    const found = [...breaches(books), ...replyBreaches(books, reply)];
    say(reportTable({ record, faults, books }));
    return found;
  } finally {
    await twin.close();
  }
}

interface Written {
  readonly record: ReturnType<typeof emptyRecord>;
  readonly followersOf: Books['followersOf'];
  readonly meddler: Meddler;
}

async function readBooks(twin: Twin, parts: StageParts, { record, followersOf, meddler }: Written): Promise<Books> {
  const { published, poisonMessages, poisonRecords } = meddler;
  return {
    ...(await readTables(twin, parts)),
    ...(await readDeadLetters(twin, parts)),
    ...{ sentPosts: record.posts, sentVideos: record.videos, sentViews: record.views },
    ...{ follows: [...record.follows.values()], followersOf },
    ...{ published, poisonMessages, poisonRecords, consumers: CONSUMERS },
  };
}

/** What administrators are told, of all days that there were events on. */
async function readReply(
  options: SoakOptions,
  { twin, root }: { readonly twin: Twin; readonly root: Person },
  { accepted }: Books,
): Promise<AnalyticsReply['periods']> {
  await options.grantAdmin(root.email, twin.awsEndpointUrl);
  await root.renew();
  const days = accepted.map(({ time }) => time.slice(0, 'yyyy-mm-dd'.length)).sort();
  const [from, last] = [days[0], days.at(-1)];
  if (from === undefined || last === undefined) return [];
  const path = `/api/analytics?from=${from}&to=${last}T23:59:59Z&granularity=day`;
  return waitFor(
    async () => {
      const { status, body } = await root.send('GET', path);
      return status === 200 ? (body as AnalyticsReply).periods : undefined;
    },
    ADMITTED_WITHIN_MS,
    `GET ${path} was not answered`,
    1_000,
  );
}

async function signUpPeople({ apiUrl }: Twin, count: number): Promise<Person[]> {
  const people: Person[] = [];
  // One after the other: to hash passwords takes the machine as a whole.
  while (people.length < count) people.push(await Person.signUp(apiUrl, `actor${people.length}`));
  return people;
}

/** Each follows the next few, for the whole time. */
async function followInCircle(people: readonly Person[]): Promise<Map<string, string[]>> {
  const followersOf = new Map<string, string[]>(people.map(({ id }) => [id, []]));
  for (const [index, follower] of people.entries()) {
    for (let step = 1; step <= FOLLOWERS_EACH; step += 1) {
      const followee = people[(index + step) % people.length];
      if (followee === undefined) continue;
      const { status } = await follower.send('PUT', `/api/follows/${followee.id}`);
      if (status !== 204) throw new Error(`PUT /api/follows/${followee.id} answered ${status}`);
      followersOf.get(followee.id)?.push(follower.id);
    }
  }
  return followersOf;
}

/** Somebody who never signed up: a ULID of zeros and a number. */
function strangerId(seed: number, index: number): string {
  return `${seed % 10}${index}`.padStart(26, '0');
}

function labelOf(twin: Twin, functionName: string): string {
  return twin.functions.status(0).find(({ name }) => name === functionName)?.label ?? functionName;
}
