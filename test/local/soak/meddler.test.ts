import { beforeEach, describe, expect, it } from 'vitest';
import { Meddler } from '../../../local/soak/meddler.ts';
import { seededRandom } from '../../../local/soak/seeded-random.ts';
import type { StageParts } from '../../../local/soak/stage-parts.ts';
import type { AwsCall } from '../../../local/twin/aws/aws-call.ts';
import type { AroundCall, AroundDelivery } from '../../../local/twin/twin-faults.ts';

const parts = {
  stream: 'events',
  work: { video: { url: 'video', deadLetterUrl: 'dead' }, activity: { url: 'activity', deadLetterUrl: 'dead' } },
  workers: { OutboxRelay: 'relay', VideoWorker: 'video', ActivityWorker: 'activity', NotificationsWorker: 'notify' },
} as unknown as StageParts;
const data = (id: string) => Buffer.from(JSON.stringify({ id })).toString('base64');
const call = (operation: string, input: Record<string, unknown>): AwsCall => ({
  ...{ service: 'any', operation, input, accessKeyId: 'key', endpointUrl: '' },
  signal: new AbortController().signal,
});
const putRecords = call('PutRecords', {
  StreamName: 'events',
  Records: ['e1', 'e2'].map((id) => ({ PartitionKey: 'ada', Data: data(id) })),
});
const answer = { Records: [{ SequenceNumber: '1' }, { ErrorCode: 'ProvisionedThroughputExceededException' }] };

describe('Meddler', () => {
  let calls: string[];
  let seen: Map<string, number>;
  const through: { aroundCall: AroundCall; aroundDelivery: AroundDelivery } = {
    aroundCall: (_name, _call, run) => run(),
    aroundDelivery: (_name, deliver) => deliver(),
  };
  beforeEach(() => {
    calls = [];
    seen = new Map();
  });
  const start = (inner = through) =>
    new Meddler({
      parts,
      callAws: async (service, operation, { Data, MessageBody }) => {
        calls.push(`${service}:${operation} ${MessageBody ?? Buffer.from(String(Data), 'base64').toString('utf8')}`);
        return { SequenceNumber: `s${calls.length}`, MessageId: `m${calls.length}` };
      },
      random: seededRandom(1),
      inner,
      onMeddled: (what) => seen.set(what, (seen.get(what) ?? 0) + 1),
    });
  const deliver = async () => ({ ok: true, payload: null }) as const;

  it('writes down what is on the stream, also while it lets all be', async () => {
    const meddler = start();
    for (let time = 0; time < 100; time += 1) {
      expect(await meddler.aroundCall('relay', putRecords, async () => answer)).toBe(answer);
      await meddler.aroundDelivery('video', deliver);
    }
    expect(meddler.published).toEqual(new Set(['e1']));
    expect(calls).toEqual([]);
  });

  it('writes down what was published by whoever died of it', async () => {
    const dying = async (...[, , run]: Parameters<AroundCall>) => {
      await run();
      throw new Error('dead');
    };
    const meddler = start({ ...through, aroundCall: dying });
    meddler.turn('on');
    await expect(meddler.aroundCall('relay', putRecords, async () => answer)).rejects.toThrow('dead');
    expect(meddler.published).toEqual(new Set(['e1']));
  });

  it('publishes some twice, and what nobody can read with every tenth batch', async () => {
    const meddler = start();
    meddler.turn('on');
    for (let time = 0; time < 500; time += 1) await meddler.aroundCall('relay', putRecords, async () => answer);
    const copies = calls.filter((each) => each.includes('"id":"e')).length;
    expect(copies).toBe(seen.get('published twice'));
    expect(copies).toBeGreaterThan(20);
    expect(meddler.poisonRecords).toHaveLength(seen.get('poisoned the stream') ?? 0);
    expect(meddler.poisonRecords.length).toBeGreaterThan(25);
    expect(meddler.poisonRecords.length).toBeLessThan(100);
    expect(copies + meddler.poisonRecords.length).toBe(calls.length);
  });

  it('sends some work twice, as it was', async () => {
    const meddler = start();
    meddler.turn('on');
    const send = call('SendMessageBatch', { QueueUrl: 'video', Entries: [{ Id: '0', MessageBody: 'work' }] });
    for (let time = 0; time < 200; time += 1) await meddler.aroundCall('relay', send, async () => 'sent');
    expect(new Set(calls)).toEqual(new Set(['sqs:SendMessage work']));
    expect(calls).toHaveLength(seen.get('sent twice') ?? 0);
  });

  it('lets the calls of all others be', async () => {
    const meddler = start();
    meddler.turn('on');
    for (let time = 0; time < 200; time += 1) await meddler.aroundCall('notify', putRecords, async () => answer);
    expect([calls, meddler.published.size]).toEqual([[], 0]);
  });

  it('delivers some twice, and poisons the queue of every tenth delivery', async () => {
    const meddler = start();
    meddler.turn('on');
    let deliveries = 0;
    const counted = async () => {
      deliveries += 1;
      return deliver();
    };
    for (let time = 0; time < 300; time += 1) {
      expect(await meddler.aroundDelivery('activity', counted)).toEqual({ ok: true, payload: null });
    }
    expect(deliveries).toBe(300 + (seen.get('delivered twice') ?? 0));
    expect(deliveries).toBeGreaterThan(310);
    expect(meddler.poisonMessages).toHaveLength(seen.get("poisoned the queue 'activity'") ?? 0);
    expect(meddler.poisonMessages.length).toBeGreaterThan(10);
    const [poison] = meddler.poisonMessages;
    expect(poison).toEqual({ queue: 'activity', messageId: 'm1', body: calls[0]?.slice('sqs:SendMessage '.length) });
    await meddler.aroundDelivery('notify', counted);
    expect(meddler.poisonMessages.every(({ queue }) => queue === 'activity')).toBe(true);
  });
});
