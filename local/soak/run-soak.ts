import type { AnalyticsReply } from '../../lambdas/contract/analytics.ts';
import { waitFor } from '../demo/wait-for.ts';
import type { SkippableTime } from '../twin/skippable-time.ts';
import type { Twin } from '../twin/twin.ts';
import type { TwinFaults } from '../twin/twin-faults.ts';
import { KillPoints } from './kill-points.ts';
import { type Books, breaches } from './ledger.ts';
import { Meddler } from './meddler.ts';
import type { Person } from './person.ts';
import { playRound } from './play-round.ts';
import { readDeadLetters } from './read-dead-letters.ts';
import { readTables } from './read-tables.ts';
import { replyBreaches } from './reply-ledger.ts';
import { provisionStream } from './reshard.ts';
import { randomOf } from './seeded-random.ts';
import { gatherPeople, type SoakPeople } from './soak-people.ts';
import { emptyRecord, hasOfEach, type SoakRecord } from './soak-record.ts';
import { progressLine, reportTable } from './soak-report.ts';
import { CONSUMERS, type StageParts, stagePartsOf } from './stage-parts.ts';

export interface SoakOptions {
  /** From the start of the twin on; there is one round at least, and none begins that is not likely to end in time. */
  readonly minutes: number;
  /** Repeats the same people, faults and requests, as far as their interleaving goes. */
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Starts a twin with these faults, which goes by `time`. */
  readonly startTwin: (faults: TwinFaults) => Promise<Twin>;
  readonly time: SkippableTime;
  /** Makes the account of this address an administrator's. */
  readonly grantAdmin: (email: string, awsEndpointUrl: string) => Promise<unknown>;
}

/** Whatever the time: rounds at least, and at most as long as nothing was accepted of something. */
const ROUNDS_LEAST = 1;
const ROUNDS_MOST = 4;
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
  say(`seed ${seed}: ${minutes} min of posts, views and videos, with deaths, duplicates and poison`);
  const faults = new Map<string, number>();
  const onFault = (what: string): void => void faults.set(what, (faults.get(what) ?? 0) + 1);
  // These call the twin, which is started with them.
  const around: { meddler?: Meddler; twin?: Twin } = {};
  const killPoints = new KillPoints(
    async (name) => around.twin?.functions.kill(name),
    (name, point) => onFault(`died ${point}: ${labelOf(around.twin, name)}`),
  );
  const twin = await options.startTwin({
    aroundCall: (...call) => (around.meddler ?? killPoints).aroundCall(...call),
    aroundDelivery: (...delivery) => (around.meddler ?? killPoints).aroundDelivery(...delivery),
  });
  try {
    const parts = stagePartsOf(twin);
    const { callAws } = twin;
    const meddler = new Meddler({
      ...{ parts, callAws, random: randomOf(seed, 'meddler') },
      ...{ inner: killPoints, onMeddled: onFault },
    });
    Object.assign(around, { meddler, twin });
    const record = emptyRecord();
    const people = await gatherPeople(twin, seed, record);
    await provisionStream(callAws, parts.stream);
    const faultOptions = { twin, parts, random: randomOf(seed, 'faults'), killPoints, onFault };
    const thinking = randomOf(seed, 'thinking');
    let tookMs = 0;
    const goesOn = (round: number): boolean => {
      if (performance.now() + tookMs < endMs) return true;
      // On a machine with a thousand other things to do one round may be too little to say anything of.
      return round <= ROUNDS_LEAST || (round <= ROUNDS_MOST && !hasOfEach(record));
    };
    for (let round = 1; goesOn(round); round += 1) {
      const startMs = performance.now();
      const { actors } = people;
      const drainedMs = await playRound({ actors, faults: faultOptions, meddler, time, random: thinking });
      tookMs = performance.now() - startMs;
      say(progressLine(round, { record, faults, drainedMs, leftMs: endMs - performance.now() }));
    }
    const books = await readBooks(twin, parts, { record, people, meddler });
    const [root] = people.actors;
    const reply = root ? await readReply(options, { twin, root: root.person }, books) : [];
    say(reportTable({ record, faults, books }));
    return [...breaches(books), ...replyBreaches(books, reply)];
  } finally {
    await twin.close();
  }
}

interface Written {
  readonly record: SoakRecord;
  readonly people: SoakPeople;
  readonly meddler: Meddler;
}

async function readBooks(twin: Twin, parts: StageParts, { record, people, meddler }: Written): Promise<Books> {
  const { published, poisonMessages, poisonRecords } = meddler;
  return {
    ...(await readTables(twin, parts)),
    ...(await readDeadLetters(twin, parts)),
    ...{ sentPosts: record.posts, sentVideos: record.videos, sentViews: record.views },
    ...{ follows: [...record.follows.values()], followersOf: people.followersOf },
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

function labelOf(twin: Twin | undefined, functionName: string): string {
  return twin?.functions.status(0).find(({ name }) => name === functionName)?.label ?? functionName;
}
