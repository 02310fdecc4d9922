import { randomUUID } from 'node:crypto';
import type { VideoWork } from '../lambdas/contract/video.ts';
import type { WorkItem } from '../lambdas/contract/work.ts';
import { signUpPerson } from '../local/demo/api-client.ts';
import { startTwinProcess, type TwinProcess } from '../local/demo/twin-process.ts';
import { latencyRatios } from './latency-ratios.ts';
import { type Post, postLoop } from './post-loop.ts';
import { checkBound, printRatios } from './report.ts';
import { synthesizeWithStoppedWorker } from './stopped-worker-stage.ts';
import { openWaitingQueue, type WaitingQueue } from './waiting-queue.ts';

const WAITING = 50_000;
/** A user may post twice a second, 20 at a time: these take all requests between them, and none is refused. */
const USERS = 60;
const ROUNDS = 24;
const REQUESTS = 200;
const WARM_UP = 1_000;

/** A twin without a video worker, and people who post. */
interface Side {
  readonly twin: TwinProcess;
  readonly queue: WaitingQueue;
  readonly next: () => Post;
}

/**
 * `POST /api/video`, from the gateway to the transaction, while few jobs wait and while 50,000 do, on two twins of the dev
 * stage without a video worker. They take turns round by round, and change places halfway, so that neither what slows the
 * machine for a while nor what one process has over the other is taken for the queue's doing.
 *
 * What is measured is acceptance, so nothing may be refused: both queues are emptied at halftime, and their oldest messages
 * stay younger than the five minutes after which the controller would have requests wait their turn. Whatever is not a 202
 * ends the bench.
 */
export async function benchBacklog(): Promise<void> {
  const assembly = await synthesizeWithStoppedWorker('VideoWorker');
  const sides: Side[] = [];
  const few: number[][] = [];
  const many: number[][] = [];
  try {
    sides.push(await startSide(assembly.directory), await startSide(assembly.directory));
    for (const { next, queue } of sides) {
      await postLoop({ next, requests: WARM_UP, connections: 1, status: 202 });
      await queue.waitFor(WARM_UP);
    }
    for (const [quiet, full] of [sides, sides.toReversed()] as [Side, Side][]) {
      for (const { queue } of sides) await queue.purge();
      await full.queue.fill(jobs(WAITING));
      const measure = async ({ next }: Side, into: number[][]) =>
        void into.push(await postLoop({ next, requests: REQUESTS, connections: 1, status: 202 }));
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round % 2 === 0) await measure(quiet, few);
        await measure(full, many);
        if (round % 2 === 1) await measure(quiet, few);
      }
      // Whatever was accepted has come to its queue, and nobody has taken anything out.
      await quiet.queue.waitFor(ROUNDS * REQUESTS);
      await full.queue.waitFor(WAITING + ROUNDS * REQUESTS);
    }
  } finally {
    for (const { queue } of sides) queue.close();
    await Promise.all(sides.map(({ twin }) => twin.stop()));
    assembly.remove();
  }
  const contestants = [
    { name: 'few wait', rounds: few },
    { name: '50,000 wait', rounds: many },
  ];
  printRatios(`POST /api/video, median of ${many.length * REQUESTS} each`, latencyRatios(contestants, 0.5));
  const p99 = latencyRatios(contestants, 0.99);
  printRatios(`POST /api/video, p99 of ${many.length * REQUESTS} each`, p99);
  checkBound({
    what: 'p99 of POST /api/video while 50,000 jobs wait / while few do',
    measured: p99[1]?.median ?? Number.NaN,
    atMost: 1.1,
  });
}

async function startSide(assembly: string): Promise<Side> {
  const twin = await startTwinProcess(['--assembly', assembly]);
  try {
    const queue = await openWaitingQueue(twin.awsEndpointUrl, 'video-');
    const users: Pick<Post, 'headers' | 'body'>[] = [];
    for (let at = 0; at < USERS; at += 1) {
      const { client } = await signUpPerson(twin.apiUrl, `user-${at}`);
      const upload = { contentType: 'image/png', bytes: 1_000 };
      const { body } = await client.expect<{ source: string }>(201, 'POST', '/api/video/uploads', upload);
      users.push({ headers: client.headers, body: { title: 'a day at the dam', source: body.source } });
    }
    let sent = 0;
    const next = (): Post => {
      const { headers, body } = users[sent % USERS] as (typeof users)[number];
      sent += 1;
      return { url: `${twin.apiUrl}/api/video`, headers: { ...headers, 'idempotency-key': randomUUID() }, body };
    };
    return { twin, queue, next };
  } catch (error) {
    await twin.stop();
    throw error;
  }
}

/** Accepted videos of a thousand users, as the relay sends them. */
function jobs(count: number): { readonly body: string; readonly group: string }[] {
  const acceptedAtMs = Date.now();
  return Array.from({ length: count }, (_, at) => {
    const videoId = randomUUID();
    const group = `user-${at % 1_000}`;
    const data: VideoWork = { action: 'process', videoId };
    return { body: JSON.stringify({ id: videoId, acceptedAtMs, group, data } satisfies WorkItem), group };
  });
}
