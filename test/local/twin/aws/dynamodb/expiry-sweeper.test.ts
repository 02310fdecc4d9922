import { describe, expect, it } from 'vitest';
import type { SetTimer } from '../../../../../local/twin/aws/set-timer.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { errorOf, type TestRoom, tableInput, testRoom } from './test-table.ts';

const TableName = 'sessions';
const YEAR_SECONDS = 365 * 24 * 3600;

function sessions(clock = new ManualClock()): TestRoom & { tick(): void } {
  let due: (() => void) | undefined;
  const setTimer: SetTimer = (_delayMs, run) => {
    due = run;
    return () => {
      due = undefined;
    };
  };
  const test = testRoom({ setTimer }, clock);
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'OLD_IMAGE' };
  test.call('CreateTable', tableInput(TableName, { StreamSpecification }));
  test.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
  return { ...test, tick: () => due?.() };
}

function put({ call }: TestRoom, pk: string, ttl: object | undefined): void {
  call('PutItem', { TableName, Item: { pk: { S: pk }, sk: { N: '0' }, ...(ttl && { ttl }) } });
}

function keysOf({ call }: TestRoom): string[] {
  const { Items } = call<{ Items: { pk: { S: string } }[] }>('Scan', { TableName });
  return Items.map(({ pk }) => pk.S).sort();
}

describe('time to live', () => {
  it('deletes an item in the second in which it expires, and not before', () => {
    const test = sessions();
    put(test, 'ada', { N: String(test.clock.now() / 1000 + 60) });
    test.clock.advance(59_999);
    test.tick();
    expect(keysOf(test)).toEqual(['ada']);
    test.clock.advance(1);
    test.tick();
    expect(keysOf(test)).toEqual([]);
  });

  it('leaves a record in the stream that names the service', () => {
    const test = sessions();
    put(test, 'ada', { N: String(test.clock.now() / 1000) });
    test.tick();
    const { Streams } = test.streams<{ Streams: { StreamArn: string }[] }>('ListStreams', { TableName });
    const stream = test.room.streams.streamOf(Streams[0]?.StreamArn ?? '');
    const events = stream?.shards().flatMap(({ id }) => stream.read(id, undefined, 10).map(({ event }) => event));
    expect(events?.at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
  });

  it('follows an item whose time is put off', () => {
    const test = sessions();
    const nowSeconds = test.clock.now() / 1000;
    put(test, 'ada', { N: String(nowSeconds + 10) });
    put(test, 'ada', { N: String(nowSeconds + 20) });
    test.clock.advance(10_000);
    test.tick();
    expect(keysOf(test)).toEqual(['ada']);
    test.clock.advance(10_000);
    test.tick();
    expect(keysOf(test)).toEqual([]);
  });

  it('keeps items without a time, with one that is no number, or one that passed more than five years ago', () => {
    const test = sessions();
    const nowSeconds = test.clock.now() / 1000;
    put(test, 'none', undefined);
    put(test, 'text', { S: String(nowSeconds) });
    put(test, 'old', { N: String(nowSeconds - 5 * YEAR_SECONDS - 1) });
    put(test, 'just not too old', { N: String(nowSeconds - 5 * YEAR_SECONDS) });
    test.tick();
    expect(keysOf(test)).toEqual(['none', 'old', 'text']);
  });

  it('finds items that were there before it was switched on, and stops when it is switched off', () => {
    const test = sessions();
    const nowSeconds = test.clock.now() / 1000;
    const set = (Enabled: boolean) => {
      test.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled } });
    };
    set(false);
    put(test, 'ada', { N: String(nowSeconds) });
    test.tick();
    expect(keysOf(test)).toEqual(['ada']);
    set(true);
    test.tick();
    expect(keysOf(test)).toEqual([]);
    expect(test.call('DescribeTimeToLive', { TableName })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' },
    });
  });

  it('fails to switch on by a second attribute', () => {
    const { call } = sessions();
    const TimeToLiveSpecification = { AttributeName: 'other', Enabled: true };
    expect(errorOf(() => call('UpdateTimeToLive', { TableName, TimeToLiveSpecification })).message).toBe(
      'TimeToLive is active on a different AttributeName: current AttributeName is ttl',
    );
  });
});
