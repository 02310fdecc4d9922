import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorOf, type TestRoom, tableInput, testRoom } from '../test-table.ts';

const TableName = 'accounts';
const keyOf = (account: string) => ({ pk: { S: account }, sk: { N: '0' } });

function accounts(balances: Readonly<Record<string, number>>): TestRoom {
  const test = testRoom();
  test.call('CreateTable', tableInput(TableName));
  for (const [account, balance] of Object.entries(balances)) {
    test.call('PutItem', { TableName, Item: { ...keyOf(account), balance: { N: String(balance) } } });
  }
  return test;
}

function transfer(from: string, to: string, amount: number) {
  const values = { ':amount': { N: String(amount) } };
  return {
    TransactItems: [
      {
        Update: {
          TableName,
          Key: keyOf(from),
          UpdateExpression: 'SET balance = balance - :amount',
          ConditionExpression: 'balance >= :amount',
          ExpressionAttributeValues: values,
        },
      },
      {
        Update: {
          TableName,
          Key: keyOf(to),
          UpdateExpression: 'SET balance = balance + :amount',
          ExpressionAttributeValues: values,
        },
      },
    ],
  };
}

function balancesOf({ call }: TestRoom): number[] {
  const { Items } = call<{ Items: { balance: { N: string } }[] }>('Scan', { TableName });
  return Items.map(({ balance }) => Number(balance.N));
}

const account = fc.constantFrom('a', 'b', 'c', 'd');

describe('transactions', () => {
  it('keep the sum of all balances, and none below zero, however transfers meet', async () => {
    const transfers = fc.array(fc.tuple(account, account, fc.integer({ min: 1, max: 60 })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(transfers, async (list) => {
        const test = accounts({ a: 100, b: 50, c: 0, d: 7 });
        const run = async ([from, to, amount]: readonly [string, string, number]) => {
          await Promise.resolve();
          test.call('TransactWriteItems', transfer(from, to, amount));
        };
        await Promise.allSettled(list.map(run));
        const balances = balancesOf(test);
        expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(157);
        expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
  });

  it('write nothing where the last action is refused', () => {
    const test = accounts({ a: 100, b: 0 });
    const error = errorOf(() =>
      test.call('TransactWriteItems', {
        TransactItems: [
          ...transfer('a', 'b', 10).TransactItems,
          { ConditionCheck: { TableName, Key: keyOf('c'), ConditionExpression: 'attribute_exists(pk)' } },
        ],
      }),
    );
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(balancesOf(test).toSorted()).toEqual([0, 100]);
  });

  it('are carried out once for a token, within ten minutes', () => {
    const test = accounts({ a: 100, b: 0 });
    const input = { ...transfer('a', 'b', 10), ClientRequestToken: 'once' };
    test.call('TransactWriteItems', input);
    test.clock.advance(10 * 60_000 - 1);
    test.call('TransactWriteItems', input);
    expect(balancesOf(test).toSorted()).toEqual([10, 90]);
    test.clock.advance(1);
    test.call('TransactWriteItems', input);
    expect(balancesOf(test).toSorted()).toEqual([20, 80]);
  });

  it('fails for a token that another transaction has used', () => {
    const test = accounts({ a: 100, b: 0 });
    test.call('TransactWriteItems', { ...transfer('a', 'b', 10), ClientRequestToken: 'once' });
    const error = errorOf(() =>
      test.call('TransactWriteItems', { ...transfer('a', 'b', 11), ClientRequestToken: 'once' }),
    );
    expect(error.name).toBe('IdempotentParameterMismatchException');
  });

  it('take a token again after a transaction that was cancelled', () => {
    const test = accounts({ a: 0, b: 0 });
    const input = { ...transfer('a', 'b', 10), ClientRequestToken: 'retried' };
    expect(errorOf(() => test.call('TransactWriteItems', input)).name).toBe('TransactionCanceledException');
    test.call('PutItem', { TableName, Item: { ...keyOf('a'), balance: { N: '10' } } });
    test.call('TransactWriteItems', input);
    expect(balancesOf(test).toSorted()).toEqual([0, 10]);
  });

  it('consume twice the units of what they do', () => {
    const test = accounts({ a: 100, b: 0 });
    const output = test.call('TransactWriteItems', { ...transfer('a', 'b', 1), ReturnConsumedCapacity: 'TOTAL' });
    expect(output.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4, WriteCapacityUnits: 4 }]);
  });

  it('read several items at once, each in its place', () => {
    const test = accounts({ a: 1, b: 2 });
    const Get = (name: string, more = {}) => ({ Get: { TableName, Key: keyOf(name), ...more } });
    const output = test.call('TransactGetItems', {
      TransactItems: [Get('b', { ProjectionExpression: 'balance' }), Get('nobody'), Get('a')],
    });
    expect(output.Responses).toEqual([
      { Item: { balance: { N: '2' } } },
      {},
      { Item: { ...keyOf('a'), balance: { N: '1' } } },
    ]);
  });

  it('fails for an action with two kinds', () => {
    const { call } = accounts({});
    const both = { Put: { TableName, Item: keyOf('a') }, Delete: { TableName, Key: keyOf('a') } };
    expect(errorOf(() => call('TransactWriteItems', { TransactItems: [both] })).message).toBe(
      'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  });
});
