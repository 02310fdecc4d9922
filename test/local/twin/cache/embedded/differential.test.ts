import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startEmbeddedServer } from '../../../../../local/twin/cache/embedded/embedded-server.ts';
import { findOnPath } from '../../../../../local/twin/cache/find-on-path.ts';
import { type ServerProcess, startServerProcess } from '../../../../../local/twin/cache/server-process.ts';
import { RawClient } from '../raw-client.ts';
import { pitfalls } from './pitfalls.ts';
import { anyRequests } from './random-requests.ts';

const path = process.env.PATH ?? '';
const binary = findOnPath('redis-server', path) ?? findOnPath('valkey-server', path);

const FRESH_START = [['DISCARD'], ['UNWATCH'], ['SELECT', '0'], ['FLUSHALL']];

describe.skipIf(binary === undefined)('embedded server beside a real one', () => {
  let embedded: EmbeddedServer;
  let real: ServerProcess;
  let clients: { embedded: RawClient; real: RawClient };

  beforeAll(async () => {
    embedded = await startEmbeddedServer();
    real = await startServerProcess(binary ?? '');
    clients = { embedded: await RawClient.connect(embedded.port), real: await RawClient.connect(real.port) };
  });

  afterAll(async () => {
    clients.embedded.close();
    clients.real.close();
    await Promise.all([embedded.stop(), real.stop()]);
  });

  async function expectSameReplies(requests: readonly (readonly string[])[]): Promise<void> {
    const all = [...FRESH_START, ...requests];
    const [ours, theirs] = await Promise.all([clients.embedded.send(all), clients.real.send(all)]);
    const described = (replies: readonly string[]) =>
      all.map((words, index) => `${words.join(' ')} → ${replies[index]}`);
    // Whether there was a transaction to discard depends on the sequence before.
    expect(described(ours).slice(1)).toEqual(described(theirs).slice(1));
  }

  it('gives the same bytes for any sequence of commands', async () => {
    await fc.assert(fc.asyncProperty(anyRequests, expectSameReplies), { numRuns: 1_000 });
  });

  it.each(pitfalls)('gives the same bytes for %j', async (...requests) => {
    await expectSameReplies(requests);
  });
});
