import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { readStage } from '../../local/twin/read-stage.ts';
import { type ConsumersHistory, type Effect, runConsumers } from '../support/stage-consumers.ts';

const MINUTE = 60_000;
const SEED = 5;
const FAULT = { fromMs: 2 * MINUTE, toMs: 12 * MINUTE };
const LENGTH = { lengthMs: 16 * MINUTE };

describe.each([
  ['that share a stream', false],
  ['with enhanced fan-out', true],
])('consumers %s, of which one fails for ten minutes', { timeout: 60_000 }, (_how, fanOut) => {
  let resources: readonly ResolvedResource[];
  let healthy: ConsumersHistory;
  beforeAll(async () => {
    ({ resources } = readStage(inject('devAssembly')));
    healthy = await runConsumers({ resources, seed: SEED, fanOut, ...LENGTH });
  });

  it.each([
    ['throws', 'AnalyticsWorker', 'NotificationsWorker'],
    ['hangs', 'AnalyticsWorker', 'NotificationsWorker'],
    ['rejects each event', 'AnalyticsWorker', 'NotificationsWorker'],
    ['is throttled', 'AnalyticsWorker', 'NotificationsWorker'],
    ['is switched off', 'AnalyticsWorker', 'NotificationsWorker'],
    ['throws', 'NotificationsWorker', 'AnalyticsWorker'],
    ['hangs', 'NotificationsWorker', 'AnalyticsWorker'],
    ['rejects each event', 'NotificationsWorker', 'AnalyticsWorker'],
  ] as const)('leave the other as it was where one %s: %s', async (kind, consumer, other) => {
    const fault = { consumer, kind, ...FAULT };
    const history = await runConsumers({ resources, seed: SEED, fanOut, ...LENGTH, fault });

    expect(history.published).toEqual(healthy.published);
    // To the millisecond: each effect, in its order and at its time, and the lag of each second.
    expect(history.effects[other]).toEqual(healthy.effects[other]);
    expect(history.lagsMs[other]).toEqual(healthy.lagsMs[other]);

    // The fault was one: for ten minutes nothing was done, and the lag grew.
    const during = history.effects[consumer].filter(({ atMs }) => atMs > FAULT.fromMs + 100 && atMs < FAULT.toMs);
    expect(during).toEqual([]);
    expect(Math.max(...history.lagsMs[consumer])).toBeGreaterThan(FAULT.toMs - FAULT.fromMs - 10_000);
    // And then it was made up for: nothing is lost, each subject's order is kept, and the lag is what it used to be.
    expect(history.log).toEqual([]);
    expect(firstOrder(history.effects[consumer])).toEqual(firstOrder(healthy.effects[consumer]));
    const [own, usual] = [history, healthy].map(({ lagsMs }) => Math.max(...lagsMs[consumer].slice(-60)));
    expect(own).toBe(usual);
  });

  it('keep up with what is published where nothing fails', () => {
    const { published, effects, lagsMs, log } = healthy;
    expect(published.length).toBeGreaterThan(1_500);
    expect(effects.AnalyticsWorker).toHaveLength(published.length);
    expect(effects.NotificationsWorker).toHaveLength(published.filter(({ type }) => type === 'FeedUpdated').length);
    // By subject in the order of the stream, which is that of their ids.
    const orders = Object.values(effects).flatMap((each) => Object.values(firstOrder(each)));
    for (const ids of orders) expect(ids).toEqual(ids.toSorted((a, b) => Number(a) - Number(b)));
    for (const lags of Object.values(lagsMs)) expect(Math.max(...lags)).toBeLessThan(2_000);
    expect(log).toEqual([]);
  });
});

/** Ids by subject, each where it was done first. */
function firstOrder(effects: readonly Effect[]): Readonly<Record<string, readonly string[]>> {
  const bySubject = Map.groupBy(effects, ({ subject }) => subject);
  return Object.fromEntries([...bySubject].map(([subject, own]) => [subject, [...new Set(own.map(({ id }) => id))]]));
}
