import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createAnalyticsReports } from '../../lambdas/adapters/analytics-reports.ts';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { documentClientOf, physicalId } from '../support/aws-of-twin.ts';
import { editedAssembly } from '../support/edited-assembly.ts';
import { runTwin } from '../support/running-twin.ts';

const DAY = 86_400_000;
const SOON = { timeout: 30_000, interval: 10 };
const POSTS = 15;
/** What a busy machine may take more at one time than at another. */
const NOISE_MS = 1_000;

describe('the analytics worker without leave to write to its table', () => {
  let twin: Twin;
  let ada: Person;
  let bob: Person;
  let broken: ReturnType<typeof editedAssembly>;

  beforeAll(async () => {
    broken = editedAssembly(inject('devAssembly'), ({ Type, Properties }, path) => {
      if (Type !== 'AWS::IAM::Policy' || !path.includes('/AnalyticsWorker/Worker/Role/')) return;
      const { PolicyDocument: document } = Properties;
      document.Statement = document.Statement.filter(
        ({ Action }: { readonly Action: unknown }) => !JSON.stringify(Action).includes('dynamodb:'),
      );
    });
    twin = await runTwin();
    [ada, bob] = await Promise.all([signUpPerson(twin.apiUrl, 'ada'), signUpPerson(twin.apiUrl, 'bob')]);
    await bob.client.expect(204, 'PUT', `/api/follows/${ada.id}`);
  });
  afterAll(async () => {
    await twin?.close();
    broken?.remove();
  });

  it('holds up no notification, and counts what it missed once it may again', { timeout: 120_000 }, async () => {
    await notificationDelaysMs(3); // Environments start.
    const usualMs = median(await notificationDelaysMs(POSTS));
    await expect.poll(counted, SOON).toBe(POSTS + 3);

    await twin.apply(broken.directory);
    await notificationDelaysMs(1);
    const delaysMs = await notificationDelaysMs(POSTS);
    expect(median(delaysMs)).toBeLessThan(2 * usualMs + NOISE_MS);
    // It gathers a batch first, for which a fast machine does not wait.
    const denied = () => twin.iamReport().denied.map(({ message }) => message);
    await expect
      .poll(() => denied().join('\n'), SOON)
      .toMatch(/AnalyticsWorker.* is not authorized to perform: dynamodb:/);
    // By now each of them has failed to be counted, and waits to be tried again.
    await expect.poll(() => backlog('AnalyticsWorker'), SOON).toBe(POSTS + 1);
    await expect.poll(() => backlog('NotificationsWorker'), SOON).toBe(0);
    expect(await counted()).toBe(POSTS + 3);
    await twin.apply(inject('devAssembly'));
    await expect.poll(counted, SOON).toBe(2 * POSTS + 4);
    await expect.poll(() => backlog('AnalyticsWorker'), SOON).toBe(0);
  });

  /** Publishes posts one after the other; how long each took to be among bob's notifications. */
  async function notificationDelaysMs(count: number): Promise<number[]> {
    const delaysMs: number[] = [];
    for (let at = 0; at < count; at += 1) {
      const startedMs = performance.now();
      const { body } = await ada.client.expect<{ id: string }>(201, 'POST', '/api/feed', { text: `post ${at}` });
      await expect.poll(newest, SOON).toBe(body.id);
      delaysMs.push(performance.now() - startedMs);
    }
    return delaysMs;
  }

  async function newest(): Promise<string | undefined> {
    const path = '/api/notifications?limit=1';
    const { body } = await bob.client.expect<{ items: { postId: string }[] }>(200, 'GET', path);
    return body.items[0]?.postId;
  }

  async function counted(): Promise<number> {
    const table = physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Analytics');
    const today = Math.floor(Date.now() / DAY) * DAY;
    // The test may run over midnight.
    const days = await createAnalyticsReports(documentClientOf(twin), table).countsBetween(
      'day',
      today - DAY,
      today + DAY,
    );
    return days.reduce((sum, { counts }) => sum + (counts.FeedUpdated ?? 0), 0);
  }

  function backlog(worker: string): number {
    const name = physicalId(twin, 'AWS::Lambda::Function', `${worker}/Worker`);
    const sources = twin.status().eventSources.filter(({ functionName }) => functionName === name);
    expect(sources).toHaveLength(1);
    return sources[0]?.backlog ?? Number.NaN;
  }
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
