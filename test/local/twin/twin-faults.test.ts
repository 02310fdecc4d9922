import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SkippableTime } from '../../../local/twin/skippable-time.ts';
import { startTwin, type Twin } from '../../../local/twin/twin.ts';
import type { AroundCall, AroundDelivery } from '../../../local/twin/twin-faults.ts';

const assemblyDir = join(import.meta.dirname, '../../fixtures/assembly-small');
const SOON = { timeout: 10_000 };

describe('what goes wrong in a twin', () => {
  let twin: Twin | undefined;
  afterEach(() => twin?.close());

  async function put(id: string) {
    await fetch(`${twin?.apiUrl}/items`, { method: 'POST', body: JSON.stringify({ id }) });
  }
  async function countOf(id: string) {
    return ((await (await fetch(`${twin?.apiUrl}/items?id=${id}`)).json()) as { count?: string }).count;
  }

  it('has calls of functions stood for, with their names, and no others', async () => {
    const seen: string[] = [];
    const aroundCall: AroundCall = (functionName, { service, operation }, run) => {
      seen.push(`${functionName} ${service}:${operation}`);
      return run();
    };
    twin = await startTwin({ assemblyDir, port: 0, faults: { aroundCall } });
    await put('ada');
    await expect.poll(() => countOf('ada'), SOON).toBe('1');
    await twin.callAws('dynamodb', 'ListTables', {});
    expect(new Set(seen.map((line) => line.split(' ')[0]))).toEqual(new Set(twin.functions.names));
    expect(seen.filter((line) => line.includes('ListTables') || line.includes('sqs:ReceiveMessage'))).toEqual([]);
  });

  it('delivers twice what is delivered twice, and again what died after its effect', async () => {
    let deliveries = 0;
    const aroundDelivery: AroundDelivery = async (_, deliver) => {
      deliveries += 1;
      await deliver();
      if (deliveries > 1) return deliver();
      return { ok: false, kind: 'failed', errorType: 'Runtime.ExitError', errorMessage: 'killed' };
    };
    twin = await startTwin({ assemblyDir, port: 0, faults: { aroundDelivery } });
    await put('ada');
    await expect.poll(() => countOf('ada'), SOON).toBe('3');
    expect(deliveries).toBe(2);
  });

  it('kills a function before its call has an effect', async () => {
    let kills = 0;
    const aroundCall: AroundCall = async (functionName, { service, operation }, run) => {
      if (`${service}:${operation}` !== 'dynamodb:UpdateItem' || kills > 0) return run();
      kills += 1;
      await twin?.functions.kill(functionName);
      throw new Error('nobody waits for an answer');
    };
    twin = await startTwin({ assemblyDir, port: 0, faults: { aroundCall } });
    await put('ada');
    await expect.poll(() => countOf('ada'), SOON).toBe('1');
    expect(kills).toBe(1);
  });

  it('pauses what delivers to a function, and goes on', async () => {
    twin = await startTwin({ assemblyDir, port: 0 });
    const worker = twin.status().eventSources[0]?.functionName ?? '';
    const resume = await twin.pauseEventSources(worker);
    await put('ada');
    expect(twin.status().eventSources[0]?.backlog).toBe(1);
    expect(await countOf('ada')).toBeUndefined();
    resume();
    await expect.poll(() => countOf('ada'), SOON).toBe('1');
  });

  it('skips the time that messages are out of sight', async () => {
    const time = new SkippableTime();
    twin = await startTwin({ assemblyDir, port: 0, time });
    const queue = twin.resources.find(({ type }) => type === 'AWS::SQS::Queue')?.physicalId ?? '';
    await twin.callAws('sqs', 'SendMessage', { QueueUrl: queue, MessageBody: 'one', DelaySeconds: 900 });
    const receive = async (WaitTimeSeconds: number) =>
      (await twin?.callAws('sqs', 'ReceiveMessage', { QueueUrl: queue, WaitTimeSeconds }))?.Messages;
    expect(await receive(0)).toBeUndefined();
    const received = receive(20);
    time.skip(901_000);
    expect(await received).toMatchObject([{ Body: 'one' }]);
  });
});
