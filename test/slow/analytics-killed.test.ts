import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnalyticsReports } from '../../lambdas/adapters/analytics-reports.ts';
import type { DomainEvent } from '../../lambdas/contract/events/domain-event.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { documentClientOf, physicalId } from '../support/aws-of-twin.ts';
import { feedUpdated, postViewed } from '../support/domain-events.ts';
import { eventStreamOf, kinesisClientOf } from '../support/kinesis-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';

const WORKER = 'AnalyticsWorker/Worker';
const VIEWS = 3_000;
const POSTS = 20;
const FOLLOWED = 500;
const KILLS_MAX = 6;
const DAY = 86_400_000;

describe('killing the analytics worker in the middle of batches', () => {
  let twin: Twin;
  beforeAll(async () => {
    twin = await runTwin();
  });
  afterAll(() => twin?.close());

  it('comes to the exact counts, though a fifth of the events is published twice', { timeout: 90_000 }, async () => {
    const startMs = Math.floor(Date.now() / DAY) * DAY - DAY;
    const views = Array.from({ length: VIEWS }, (_, at) => postViewed(`v${at}`, startMs + at, `p${at % POSTS}`));
    const posts = Array.from({ length: FOLLOWED }, (_, at) => feedUpdated(`f${at}`, startMs + at));
    const events = [...views, ...posts].flatMap((event, at) => (at % 5 === 0 ? [event, event] : [event]));
    let kills = 0;
    const killing = setInterval(() => {
      const worker = twin.functions.status(0).find(({ label }) => label === WORKER);
      if (kills < KILLS_MAX && worker !== undefined && worker.busy > 0) {
        kills += 1;
        void twin.functions.kill(WORKER);
      }
    }, 100);
    const reports = createAnalyticsReports(
      documentClientOf(twin),
      physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Analytics'),
    );
    const counts = async () => (await reports.countsBetween('day', startMs, startMs + DAY))[0]?.counts;
    try {
      await publish(events);
      await expect
        .poll(async () => kills > 0 && (await counts()), { timeout: 60_000, interval: 250 })
        .toEqual({ PostViewed: VIEWS, FeedUpdated: FOLLOWED });
    } finally {
      clearInterval(killing);
    }
    const top = await reports.mostViewed(startMs, POSTS);
    expect(top.map(({ views: each }) => each)).toEqual(Array(POSTS).fill(VIEWS / POSTS));
    // What was under way when the counts were right first must not make them wrong.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await counts()).toEqual({ PostViewed: VIEWS, FeedUpdated: FOLLOWED });
  });

  async function publish(events: readonly DomainEvent[]): Promise<void> {
    const kinesis = kinesisClientOf(twin);
    const StreamName = eventStreamOf(twin);
    for (let at = 0; at < events.length; at += 500) {
      const Records = events.slice(at, at + 500).map((event) => ({
        PartitionKey: event.subject,
        Data: Buffer.from(JSON.stringify(event)),
      }));
      const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
      expect(FailedRecordCount).toBe(0);
    }
  }
});
