import { describe, expect, it, vi } from 'vitest';
import { type BatchAnswer, type StreamRecord, workOff } from '../../../local/redrive/stream-batch.ts';

const kinesis = (sequenceNumber: string): StreamRecord => ({ kinesis: { sequenceNumber } });
const table = (SequenceNumber: string): StreamRecord => ({ dynamodb: { SequenceNumber } });
const RECORDS = ['1', '2', '3'].map(kinesis);

function run(records: readonly StreamRecord[], answers: readonly BatchAnswer[], signal = new AbortController().signal) {
  const left = [...answers];
  const call = vi.fn(async (): Promise<BatchAnswer> => left.shift() ?? { ok: true, failed: [] });
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  return workOff(records, { call, attempts: 3, wait, signal }).then((result) => ({ result, call, waits }));
}

describe('workOff', () => {
  it('is done where nothing failed', async () => {
    const { result, call, waits } = await run(RECORDS, []);
    expect([result, call.mock.calls, waits]).toEqual([{ left: [] }, [[RECORDS]], []]);
  });

  it.each([
    ['Kinesis', kinesis],
    ['a table', table],
  ])('goes on from the first that failed, of %s', async (_, record) => {
    const records = ['1', '2', '3'].map(record);
    const { result, call } = await run(records, [{ ok: true, failed: ['3', '2'] }]);
    expect(result).toEqual({ left: [] });
    expect(call.mock.calls).toEqual([[records], [records.slice(1)]]);
  });

  it.each<BatchAnswer>([
    { ok: true, failed: [''] },
    { ok: true, failed: ['9'] },
    { ok: false, error: 'thrown' },
  ])('takes %j for a failure of all', async (answer) => {
    const { call } = await run(RECORDS, [answer]);
    expect(call.mock.calls).toEqual([[RECORDS], [RECORDS]]);
  });

  it('gives up where no record gets further, each time after a longer wait', async () => {
    const failed: BatchAnswer = { ok: true, failed: ['2'] };
    const { result, call, waits } = await run(RECORDS, Array(10).fill(failed));
    expect(result).toEqual({ left: RECORDS.slice(1), error: 'it reported records that failed' });
    // Once to get to the second, and three times in vain.
    expect(call).toHaveBeenCalledTimes(4);
    expect(waits).toEqual([500, 1_000, 2_000]);
  });

  it('makes no further call after its signal', async () => {
    const { result, call } = await run(RECORDS, [{ ok: false, error: 'thrown' }], AbortSignal.abort());
    expect(result).toEqual({ left: RECORDS, error: 'thrown' });
    expect(call).toHaveBeenCalledOnce();
  });
});
