import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoBreakerStore } from '../../../../lambdas/adapters/dependencies/dynamo-breaker-store.ts';
import { LocalBreakers } from '../../../../lambdas/adapters/dependencies/local-breakers.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../../support/local-dynamodb.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { CLOSED, SPEC } from './dependency-fixture.ts';

const TABLE = 'dynamo-breakers';
const CACHE_MS = 100;

describe('breakers in a table', () => {
  let database: LocalDynamoDb;
  let clock: ManualClock;
  let dependency: { name: string; spec: typeof SPEC };
  let versions = 0;
  let runs = 0;

  beforeAll(async () => {
    database = await startLocalDynamoDb();
    await database.client.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'breaker', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'breaker', KeyType: 'HASH' }],
      }),
    );
  });
  afterAll(async () => {
    await database.close();
  });
  beforeEach(() => {
    clock = new ManualClock();
    runs += 1;
    dependency = { name: `db-${runs}`, spec: SPEC };
  });

  /** One environment's, which counts what it sends. */
  function createStore(options: { readonly forced?: () => 'disabled'; readonly client?: DynamoDBDocumentClient } = {}) {
    const sent: string[] = [];
    const client = {
      send: (command: object) => {
        sent.push(command.constructor.name);
        return database.client.send(command as never);
      },
    } as unknown as DynamoDBDocumentClient;
    const failures: unknown[] = [];
    const store = createDynamoBreakerStore({
      client,
      tableName: TABLE,
      service: 'feed',
      clock,
      cacheMs: CACHE_MS,
      whileGone: new LocalBreakers(clock),
      onFailure: (error) => failures.push(error),
      newVersion: () => `v${versions++}`,
      ...options,
    });
    return { store, sent, failures };
  }
  const report = (...outcomes: (0 | 1 | 2)[]) => [{ dependency, outcomes, claimMs: 0 }];
  const closed = () => ({ ...CLOSED, name: dependency.name });
  const item = async () =>
    (await database.client.send(new GetCommand({ TableName: TABLE, Key: { breaker: `feed:${dependency.name}` } })))
      .Item;

  it('are read once in a while, and not written while all is well', async () => {
    const { store, sent } = createStore();
    expect(await store.look([dependency])).toEqual([closed()]);
    await store.record(report(0, 0));
    expect(await store.look([dependency])).toEqual([closed()]);
    expect(sent).toEqual(['GetCommand']);
    clock.advance(CACHE_MS);
    await store.look([dependency]);
    expect(sent).toEqual(['GetCommand', 'GetCommand']);
  });

  it('are written with an end, and deleted once there is nothing bad to remember', async () => {
    const { store } = createStore();
    await store.record(report(0, 1));
    expect(await item()).toMatchObject({
      phase: 'closed',
      tillMs: 0,
      window: '1',
      expiresAt: Math.ceil((clock.now() + 601_000) / 1_000),
    });
    expect(await store.look([dependency])).toEqual([{ ...closed(), isWatched: true }]);
    const patient = { ...dependency, spec: { ...SPEC, failureRatio: 1 } };
    await store.record([{ dependency: patient, outcomes: [0, 0, 0, 0], claimMs: 0 }]);
    expect(await item()).toBeUndefined();
  });

  it('lose no call of several environments that know an older state', async () => {
    const spec = { ...SPEC, minimumCalls: 4 };
    const many = { ...dependency, spec };
    const stores = [createStore(), createStore(), createStore()];
    for (const { store } of stores) await store.look([many]);
    for (const { store } of stores) await store.record([{ dependency: many, outcomes: [1], claimMs: 0 }]);
    expect(await item()).toMatchObject({ window: '111' });
  });

  it('give half-open to exactly one of many environments, and to another once its lease is over', async () => {
    const stores = Array.from({ length: 12 }, () => createStore().store);
    await stores[0]?.record(report(1, 1));
    const look = async () => (await Promise.all(stores.map((store) => store.look([dependency])))).flat();
    expect(await look()).toEqual(stores.map(() => ({ ...closed(), state: 'open', isWatched: true, retryMs: 1_001 })));
    clock.advance(1_001);
    const first = await look();
    expect(first.filter(({ isProbe }) => isProbe).length).toBe(1);
    for (const { state } of first) expect(state).toBe('half-open');
    clock.advance(1_399);
    expect((await look()).filter(({ isProbe }) => isProbe).length).toBe(0);
    clock.advance(1);
    expect((await look()).filter(({ isProbe }) => isProbe).length).toBe(1);
  });

  it('close by the calls of the claimant, and by nobody else’s', async () => {
    const { store } = createStore();
    await store.record(report(1, 1));
    clock.advance(1_001);
    const [view] = await store.look([dependency]);
    await createStore().store.record(report(0, 0));
    expect(await item()).toMatchObject({ phase: 'half-open', tillMs: view?.claimMs });
    await store.record([{ dependency, outcomes: [0, 0], claimMs: view?.claimMs ?? 0 }]);
    expect(await item()).toBeUndefined();
  });

  it('take an item for gone whose end has come, though it is still there', async () => {
    await createStore().store.record(report(1, 1));
    clock.advance(602_000);
    const { store } = createStore();
    expect(await store.look([dependency])).toEqual([closed()]);
    await store.record(report(1));
    expect(await item()).toMatchObject({ phase: 'closed', window: '1' });
  });

  it('take a write for their own whose answer was lost', async () => {
    const { sent } = createStore();
    let isFirst = true;
    const client = {
      send: async (command: object) => {
        const answer = await database.client.send(command as never);
        // As if the SDK had sent it a second time.
        if (command instanceof PutCommand && isFirst) {
          isFirst = false;
          await database.client.send(command as never);
        }
        return answer;
      },
    } as unknown as DynamoDBDocumentClient;
    const { store, failures } = createStore({ client });
    await store.record(report(1));
    expect(await item()).toMatchObject({ window: '1' });
    expect([sent, failures]).toEqual([[], []]);
  });

  it('are those of the process alone while the table is gone', async () => {
    const client = { send: () => Promise.reject(new Error('gone')) } as unknown as DynamoDBDocumentClient;
    const { store, failures } = createStore({ client });
    await store.record(report(1, 1));
    expect(await store.look([dependency])).toMatchObject([{ state: 'open' }]);
    expect(failures.length).toBe(2);
  });

  it('do as a lever says, without asking', async () => {
    const { store, sent } = createStore({ forced: () => 'disabled' });
    expect(await store.look([dependency])).toEqual([{ ...closed(), state: 'disabled' }]);
    expect(sent).toEqual([]);
  });
});
