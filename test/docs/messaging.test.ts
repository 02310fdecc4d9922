import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { assembleStage } from '../../bin/assemble-stage.ts';
import { STAGES, type StageName } from '../../bin/stages.ts';
import { throughput } from '../../lib/messaging/drain-time.ts';
import { QueueWorker } from '../../lib/messaging/queue-worker.ts';
import { flaggedApp } from '../support/flagged-app.ts';

const page = readFileSync(new URL('../../docs/messaging.md', import.meta.url), 'utf8');
const BACKLOG = 10_000;
const ARRIVALS_PER_SECOND = 3;

describe('docs/messaging.md', () => {
  let workers: Readonly<Record<StageName, QueueWorker>>;
  const workerOf = (stage: StageName): QueueWorker => {
    const found = assembleStage(flaggedApp(), stage).service.node.findChild('VideoWorker');
    if (!(found instanceof QueueWorker)) throw new TypeError('the worker of videos works on a queue');
    return found;
  };
  beforeAll(() => {
    workers = { dev: workerOf('dev'), prod: workerOf('prod') };
    // Two whole stages.
  }, 180_000);

  it.each(['dev', 'prod'] as const)('says how fast videos are done in %s, and how long a backlog takes', (stage) => {
    const { pace } = workers[stage];
    const cells = [
      `\`${stage}\``,
      pace.concurrency,
      Number(throughput(pace).toFixed(1)),
      ...[0, ARRIVALS_PER_SECOND].map((rate) => `${workers[stage].drainTime(BACKLOG, rate).toSeconds()} s`),
    ];
    expect(page).toContain(`| ${cells.join(' | ')} |`);
    expect(page).toContain(`at ${pace.itemSeconds} seconds each`);
    expect(page).toContain(`| 10,000 wait, none arrive | 10,000 wait, ${ARRIVALS_PER_SECOND} arrive a second |`);
  });

  it('says how many videos may wait within the budget', () => {
    const minutes = STAGES.prod.backlogMaxAge.video.toMinutes();
    const most = minutes * 60 * throughput(workers.prod.pace);
    expect(page).toContain(
      `With \`prod\`'s budget of ${minutes} minutes some ${most.toLocaleString('en')} videos may wait`,
    );
  });
});
