import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../../local/twin/cache/embedded/embedded-server.ts';
import { startTwin, type Twin } from '../../local/twin/twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';

const policy = (name: string) => `onStoreFailure: '${name}',`;

describe.each(['allow', 'local', 'deny'])("a cache that is gone, with onStoreFailure: '%s'", (onStoreFailure) => {
  const project = new ProjectCopy();
  let twin: Twin;
  let cache: EmbeddedServer;
  let ada: Person;

  beforeAll(async () => {
    project.edit('bin/stages.ts', policy('local'), policy(onStoreFailure));
    cache = await startEmbeddedServer();
    const assemblyDir = await project.synthesize();
    twin = await startTwin({ assemblyDir, port: 0, cacheUrl: `redis://127.0.0.1:${cache.port}` });
    ada = await signUpPerson(twin.apiUrl, 'ada');
    await ada.client.expect(200, 'GET', '/api/feed');
    await cache.stop();
  });
  afterAll(async () => {
    await twin?.close();
    project.remove();
  });

  it(
    onStoreFailure === 'deny' ? 'refuses with 503 and a time to retry' : 'still answers reads and writes',
    async () => {
      const expected = onStoreFailure === 'deny' ? 503 : 200;
      const answer = await ada.client.send('GET', '/api/feed');
      expect(answer.status).toBe(expected);
      if (onStoreFailure === 'deny') expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      else await ada.client.expect(201, 'POST', '/api/feed', { text: 'high and dry' });
    },
  );

  it('counts and caches again once it is back', async () => {
    const again = await startEmbeddedServer({ port: cache.port });
    try {
      // The limiter asks a store that failed only once per penalty of a second.
      await expect
        .poll(
          async () => {
            await ada.client.send('GET', '/api/feed');
            return (await ada.client.send('GET', '/api/feed')).headers.get('x-cache');
          },
          { timeout: 10_000, interval: 300 },
        )
        .toBe('hit');
    } finally {
      await again.stop();
    }
  });
});
