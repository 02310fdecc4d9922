import { describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../../../../local/demo/api-client.ts';
import { awaitParked, type ParkedOrder } from '../../../../local/demo/overload/parked-orders.ts';

const { signal } = new AbortController();
const deadline = '2026-11-22T08:00:00.000Z';

function answer(status: number, body?: unknown): ApiAnswer {
  return { status, headers: new Headers(), body };
}
const queued = answer(200, { parkedId: 'p', status: 'queued', deadline });
const done = (statusCode: number) =>
  answer(200, { parkedId: 'p', status: 'done', deadline, answer: { statusCode, headers: {} } });

function order(reference: string, ...answers: (ApiAnswer | Error)[]): ParkedOrder {
  let asked = 0;
  const read = async (): Promise<ApiAnswer> => {
    const next = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (next instanceof Error) throw next;
    return next as ApiAnswer;
  };
  return { reference, statusPath: `/api/parked/${reference}`, parkedAtSeconds: 1, read };
}

describe('awaitParked', () => {
  const options = { untilSeconds: 100, isComplete: () => true, signal, everyMs: 0, nowSeconds: () => 12 };

  it('asks until each is over, whatever it hears in between', async () => {
    const orders = [
      order('a', queued, answer(503), new Error('no answer'), done(201)),
      order('b', answer(504)),
      order('c', done(500)),
    ];
    expect(await awaitParked(orders, options)).toEqual([
      { reference: 'a', kind: 'answered', statusCode: 201, atSeconds: 12 },
      { reference: 'b', kind: 'expired', atSeconds: 12 },
      { reference: 'c', kind: 'answered', statusCode: 500, atSeconds: 12 },
    ]);
  });

  it('says of what is not over in time that it waits', async () => {
    let now = 0;
    const nowSeconds = () => {
      now += 10;
      return now;
    };
    expect(await awaitParked([order('a', queued)], { ...options, nowSeconds })).toEqual([
      { reference: 'a', kind: 'waiting' },
    ]);
  });

  it('waits for those that are parked later', async () => {
    const orders = [order('a', done(201))];
    let rounds = 0;
    const isComplete = () => {
      rounds += 1;
      if (rounds === 2) orders.push(order('b', done(201)));
      return rounds > 1;
    };
    expect((await awaitParked(orders, { ...options, isComplete })).map(({ kind }) => kind)).toEqual([
      'answered',
      'answered',
    ]);
  });
});
