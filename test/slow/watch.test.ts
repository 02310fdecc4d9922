import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { startTwin, type Twin } from '../../local/twin/twin.ts';
import { type Watch, watchStage } from '../../local/twin/watch/watch-twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';

const patiently = { timeout: 30_000, interval: 50 };

describe('--watch', () => {
  const project = new ProjectCopy();
  const log: string[] = [];
  let twin: Twin;
  let watch: Watch;
  let ada: Person;

  beforeAll(async () => {
    const assemblyDir = await project.synthesize();
    twin = await startTwin({ assemblyDir, port: 0 });
    const told = (line: string): void => void log.push(line);
    watch = watchStage({ twin, projectDir: project.directory, stage: 'dev', assemblyDir, log: told });
    ada = await signUpPerson(twin.apiUrl, 'ada');
    await ada.client.expect(201, 'POST', '/api/feed', { text: 'before the change' });
  }, 60_000);
  afterAll(async () => {
    await watch?.close();
    await twin?.close();
    project.remove();
  });

  const applied = () => log.filter((line) => line.startsWith('applied')).length;

  it('serves a handler that was saved, and has all data still', { timeout: 60_000 }, async () => {
    project.edit(
      'lambdas/services/feed/feed-routes.ts',
      'authorId: sub, text,',
      'authorId: sub, text: text.toUpperCase(),',
    );
    await expect.poll(applied, patiently).toBe(1);
    const post = await ada.client.expect<{ text: string }>(201, 'POST', '/api/feed', { text: 'loud' });
    expect(post.body.text).toBe('LOUD');
    const { body } = await ada.client.expect<{ items: { text: string }[] }>(200, 'GET', '/api/feed');
    expect(body.items.map(({ text }) => text)).toEqual(['LOUD', 'before the change']);
  });

  it('throttles by a number that was saved', { timeout: 60_000 }, async () => {
    project.edit(
      'bin/stages.ts',
      "'POST /api/feed': { ratePerSecond: 500, burst: 1_000 }",
      "'POST /api/feed': { ratePerSecond: 1, burst: 1 }",
    );
    await expect.poll(applied, patiently).toBe(2);
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async () => (await ada.client.send('POST', '/api/feed', { text: 'again' })).status),
    );
    expect(statuses).toContain(429);
  });

  it('tells a slip in one sentence and goes on as it was', { timeout: 60_000 }, async () => {
    project.edit('bin/stages.ts', 'ratePerSecond: 1, burst: 1 }', 'ratePerSecond: Number.NaN, burst: 1 }');
    await expect.poll(() => log.at(-1), patiently).toMatch(/^not applied, the twin goes on as it was: .*NaN/);
    expect((await new ApiClient(twin.apiUrl).send('GET', '/.well-known/jwks.json')).status).toBe(200);
    project.edit('bin/stages.ts', 'ratePerSecond: Number.NaN, burst: 1 }', 'ratePerSecond: 400, burst: 1 }');
    await expect.poll(applied, patiently).toBe(3);
  });
});
