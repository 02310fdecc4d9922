import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin, type Twin } from '../../../local/twin/twin.ts';

const assemblyDir = join(import.meta.dirname, '../../fixtures/assembly-small');

interface Item {
  readonly count?: string;
  readonly API_URL: string;
  readonly PASSWORD: string;
  readonly QUEUE_URL: string;
}

describe('twin', () => {
  let twin: Twin;
  const lines: string[] = [];

  beforeAll(async () => {
    twin = await startTwin({ assemblyDir, port: 0, log: (line) => lines.push(line) });
  });
  afterAll(() => twin.close());

  async function item(id: string): Promise<Item> {
    const response = await fetch(`${twin.apiUrl}/items?id=${id}`);
    expect(response.status).toBe(200);
    return (await response.json()) as Item;
  }

  async function put(id: string): Promise<void> {
    const response = await fetch(`${twin.apiUrl}/items`, { method: 'POST', body: JSON.stringify({ id }) });
    expect(response.status).toBe(202);
  }

  it('takes a request through gateway, function, stream, worker and table', async () => {
    await put('ada');
    await expect.poll(async () => (await item('ada')).count, { timeout: 10_000 }).toBe('1');
  });

  it('gives functions local endpoints and the secrets that they refer to', async () => {
    const { API_URL, PASSWORD, QUEUE_URL } = await item('any');
    expect(API_URL).toBe(twin.apiUrl);
    expect(PASSWORD).toMatch(/^.{32}$/);
    expect(QUEUE_URL.startsWith(`${twin.awsEndpointUrl}/000000000000/SmallService-Dead-`)).toBe(true);
  });

  it('isolates what a worker chokes on, reports it to the dead-letter queue, and goes on', async () => {
    for (const id of ['before', 'poison', 'after']) await put(id);
    for (const id of ['before', 'after']) {
      await expect.poll(async () => (await item(id)).count, { timeout: 10_000 }).toBe('1');
    }
    await expect
      .poll(() => lines.find((line) => line.startsWith('Source: gave up 1 record')), { timeout: 10_000 })
      .toMatch(/\(RetryAttemptsExhausted\), reported to arn:aws:sqs:us-east-1:000000000000:SmallService-Dead-/);
  });

  it('redelivers to a new environment after the worker was killed', async () => {
    await put('first');
    await expect.poll(async () => (await item('first')).count, { timeout: 10_000 }).toBe('1');
    await twin.functions.kill('WorkerFunction');
    await put('second');
    await expect.poll(async () => (await item('second')).count, { timeout: 10_000 }).toBe('1');
  });

  it('shows everything in its console', async () => {
    const response = await fetch(`${twin.consoleUrl}/snapshot.json`);
    const snapshot = (await response.json()) as Record<string, unknown>;
    expect(snapshot).toMatchObject({
      stage: 'small',
      tables: [{ label: 'Items' }],
      streams: [{ label: 'Events', shards: 2 }],
    });
    expect(snapshot.requests).not.toEqual([]);
  });

  it('says what has no effect', () => {
    expect(twin.notices).toEqual([{ type: 'AWS::CloudWatch::Alarm', count: 1 }]);
  });

  it('runs beside another one, with data of its own', async () => {
    const other = await startTwin({ assemblyDir, port: 0 });
    try {
      const response = await fetch(`${other.apiUrl}/items?id=ada`);
      expect(((await response.json()) as Item).count).toBeUndefined();
    } finally {
      await other.close();
    }
  });

  it('listens nowhere once it is closed, and may be closed twice', async () => {
    const other = await startTwin({ assemblyDir, port: 0 });
    await other.close();
    await other.close();
    for (const url of [other.apiUrl, other.awsEndpointUrl, other.consoleUrl])
      await expect(fetch(url)).rejects.toThrow();
  });

  it('fails on a used port in a plain sentence', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(startTwin({ assemblyDir, port })).rejects.toThrow(
      `port ${port} is taken; choose another, or 0 for any`,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});
