import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../../lambdas/adapters/clock.ts';
import {
  createIdempotencyStore,
  type KeptReply,
  type OnceRequest,
  type RunResult,
} from '../../../../lambdas/adapters/idempotency/idempotency-store.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';
import { type RunningAws, resource, runAws } from '../../../support/running-aws.ts';

const TABLE = 'idempotency';
const START_MS = Date.UTC(2026, 10, 1);
const REMAINING_MS = 10_000;
const REPLY: KeptReply = { statusCode: 201, headers: { Location: '/things/1' }, body: '{"id":"1"}' };
const OTHER: KeptReply = { ...REPLY, body: '{"id":"2"}' };

const table = (name: string) =>
  resource('AWS::DynamoDB::GlobalTable', name, {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: [{ Region: 'eu-west-1' }],
  });
const request = (more: Partial<OnceRequest> = {}): OnceRequest => ({
  id: 'one',
  payloadHash: 'hash',
  keepForSeconds: 86_400,
  remainingMs: () => REMAINING_MS,
  ...more,
});
const keep = (reply = REPLY): RunResult => ({ reply, next: 'keep' });
/** A function that was ended: what it waits for never comes. */
const killed = () => new Promise<never>(() => {});

/** What it takes for a promise that was not waited for to have reached the table. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 30));

describe('createIdempotencyStore', () => {
  let running: RunningAws;
  let base: DynamoDBClient;
  let client: DynamoDBDocumentClient;
  let logger: RecordingLogger;
  let tables = 0;
  let name = '';
  const store = () => createIdempotencyStore(client, name, { clock: systemClock, logger });
  const item = async (id = 'one') => (await client.send(new GetCommand({ TableName: name, Key: { id } }))).Item;

  beforeAll(async () => {
    running = await runAws();
    base = new DynamoDBClient(running.clientOptions());
    client = DynamoDBDocumentClient.from(base);
  });
  afterAll(async () => {
    base.destroy();
    await running.aws.close();
  });
  beforeEach(async () => {
    // Powertools goes by the machine's clock: this one stands still until it is moved.
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
    logger = new RecordingLogger();
    tables += 1;
    name = `${TABLE}-${tables}`;
    await running.aws.provision([table(name), table(`effects-${tables}`)]);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  const putEffect = (id: string) => ({
    Put: { TableName: `effects-${tables}`, Item: { id }, ConditionExpression: 'attribute_not_exists(id)' },
  });
  const hasEffect = async (id: string) =>
    (await client.send(new GetCommand({ TableName: `effects-${tables}`, Key: { id } }))).Item !== undefined;

  it('runs once, and gives the same answer again', async () => {
    const run = vi.fn(async () => keep());
    expect(await store().once(request(), run)).toEqual({ kind: 'first', reply: REPLY });
    expect(await store().once(request(), run)).toEqual({ kind: 'replayed', reply: REPLY });
    expect(run).toHaveBeenCalledOnce();
  });

  it('writes the attributes of Powertools: the end of the run while it runs, the answer and its end thereafter', async () => {
    await store().once(request(), async () => {
      expect(await item()).toMatchObject({
        status: 'INPROGRESS',
        expiration: START_MS / 1_000 + 86_400,
        in_progress_expiration: START_MS + REMAINING_MS,
        validation: expect.any(String),
      });
      vi.setSystemTime(START_MS + 2_000);
      return keep();
    });
    expect(await item()).toMatchObject({ status: 'COMPLETED', expiration: START_MS / 1_000 + 86_402, data: REPLY });
  });

  it('lets one of many at a time run, and tells the others that it does', async () => {
    let runs = 0;
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        store().once(request(), async () => {
          runs += 1;
          await soon();
          return keep();
        }),
      ),
    );
    expect(runs).toBe(1);
    expect(all.filter(({ kind }) => kind === 'first')).toHaveLength(1);
    expect(all.filter(({ kind }) => kind === 'running' || kind === 'replayed')).toHaveLength(19);
  });

  it('tells another payload apart, while it runs and when it is done', async () => {
    const run = vi.fn(async () => keep());
    await store().once(request(), async () => {
      expect(await store().once(request({ payloadHash: 'other' }), run)).toEqual({ kind: 'mismatch' });
      return keep();
    });
    expect(await store().once(request({ payloadHash: 'other' }), run)).toEqual({ kind: 'mismatch' });
    expect(run).not.toHaveBeenCalled();
  });

  it('runs again what was thrown, and passes the error on', async () => {
    const fault = new Error('no');
    await expect(store().once(request(), async () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await item()).toBeUndefined();
    expect(await store().once(request(), async () => keep())).toMatchObject({ kind: 'first' });
  });

  it('runs again what is not to be kept, and answers it all the same', async () => {
    expect(await store().once(request(), async () => ({ reply: REPLY, next: 'forget' }))).toEqual({
      kind: 'first',
      reply: REPLY,
    });
    expect(await item()).toBeUndefined();
  });

  it('runs again after a function that was ended, not before its time is over', async () => {
    void store().once(request(), killed);
    await soon();
    vi.setSystemTime(START_MS + REMAINING_MS);
    expect(await store().once(request(), async () => keep())).toEqual({ kind: 'running' });
    vi.setSystemTime(START_MS + REMAINING_MS + 1);
    expect(await store().once(request(), async () => keep(OTHER))).toEqual({ kind: 'first', reply: OTHER });
  });

  it('forgets an answer when its time is over, also one that DynamoDB has not deleted yet', async () => {
    await store().once(request({ keepForSeconds: 60 }), async () => keep());
    vi.setSystemTime(START_MS + 60_000);
    expect(await store().once(request(), async () => keep(OTHER))).toMatchObject({ kind: 'replayed' });
    vi.setSystemTime(START_MS + 61_001);
    expect(await store().once(request(), async () => keep(OTHER))).toEqual({ kind: 'first', reply: OTHER });
  });

  it.each(['keep', 'throw'])(
    'leaves the record to the one that took over, where a late run comes to %s',
    async (end) => {
      let finish = () => {};
      const late = store().once(request(), async () => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        if (end === 'throw') throw new Error('too late');
        return keep();
      });
      await soon();
      vi.setSystemTime(START_MS + REMAINING_MS + 1);
      await store().once(request(), async () => {
        finish();
        await late.catch(() => {});
        expect(await item()).toMatchObject({ status: 'INPROGRESS' });
        return keep(OTHER);
      });
      expect(await store().once(request(), async () => keep())).toEqual({ kind: 'replayed', reply: OTHER });
    },
  );

  describe('a completion in the transaction of the run', () => {
    it('writes effect and record together, and nothing is written after it', async () => {
      const send = vi.spyOn(client, 'send');
      await store().once(request(), async (completion) => {
        await client.send(new TransactWriteCommand({ TransactItems: [putEffect('one'), completion(REPLY)] }));
        return { reply: REPLY, next: 'kept' };
      });
      expect(send.mock.calls.map(([command]) => command.constructor.name)).toEqual([
        'PutCommand',
        'TransactWriteCommand',
      ]);
      expect(await store().once(request(), async () => keep(OTHER))).toEqual({ kind: 'replayed', reply: REPLY });
    });

    it('is answered again where the function was ended behind it', async () => {
      void store().once(request(), async (completion) => {
        await client.send(new TransactWriteCommand({ TransactItems: [putEffect('one'), completion(REPLY)] }));
        return killed();
      });
      await soon();
      expect(await store().once(request(), async () => keep(OTHER))).toEqual({ kind: 'replayed', reply: REPLY });
    });

    it('is answered again where only its answer was lost', async () => {
      const lost = store().once(request(), async (completion) => {
        await client.send(new TransactWriteCommand({ TransactItems: [putEffect('one'), completion(REPLY)] }));
        throw new Error('timed out');
      });
      await expect(lost).rejects.toThrow('timed out');
      expect(await store().once(request(), async () => keep(OTHER))).toEqual({ kind: 'replayed', reply: REPLY });
    });

    it('fails, and the effect with it, where somebody has taken over', async () => {
      let finish = () => {};
      const late = store().once(request(), async (completion) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        await client.send(new TransactWriteCommand({ TransactItems: [putEffect('late'), completion(REPLY)] }));
        return { reply: REPLY, next: 'kept' };
      });
      await soon();
      vi.setSystemTime(START_MS + REMAINING_MS + 1);
      await store().once(request(), async () => keep(OTHER));
      finish();
      await expect(late).rejects.toThrow('Transaction cancelled');
      expect(await hasEffect('late')).toBe(false);
      expect(await store().once(request(), async () => keep())).toEqual({ kind: 'replayed', reply: OTHER });
    });
  });

  it('knows its own record where the answer to writing it was lost', async () => {
    const send = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    let isLost = false;
    vi.spyOn(client, 'send').mockImplementation((async (command: unknown) => {
      const answer = await send(command);
      if (isLost || !(command instanceof PutCommand)) return answer;
      isLost = true;
      // The SDK tries again.
      return send(command);
    }) as never);
    expect(await store().once(request(), async () => keep())).toMatchObject({ kind: 'first' });
    expect(isLost).toBe(true);
  });

  it('does not run where nobody can say whether it was', async () => {
    const run = vi.fn(async () => keep());
    const broken = createIdempotencyStore(client, 'nowhere', { clock: systemClock, logger });
    expect(await broken.once(request(), run)).toMatchObject({ kind: 'unavailable', error: expect.any(Error) });
    expect(run).not.toHaveBeenCalled();
  });

  it('answers what was done where that could not be written down, and says so in the log', async () => {
    const run = async () => {
      vi.spyOn(client, 'send').mockRejectedValue(new Error('out of reach'));
      return keep();
    };
    expect(await store().once(request(), run)).toEqual({ kind: 'first', reply: REPLY });
    vi.restoreAllMocks();
    expect(logger.lines.map(({ message }) => message)).toContain('an idempotency record could not be completed');
    expect(await store().once(request(), async () => keep())).toEqual({ kind: 'running' });
  });
});
