import { describe, expect, it } from 'vitest';
import { deliveryOf } from '../../../../../local/twin/functions/event-sources/delivery-of.ts';
import { batchWindow, openWindow } from '../../../../../local/twin/functions/event-sources/tumbling-window.ts';

const records = ['1', '2', '3'].map((sequenceNumber) => ({ sequenceNumber, arrivalMs: 0, bytes: 1 }));
const batch = { records, window: undefined };
const failing = { batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] };

describe('delivery', () => {
  it('goes on at the lowest record that is reported', () => {
    expect(deliveryOf({ ok: true, payload: failing }, batch, true)).toEqual({
      kind: 'partially-failed',
      failedFrom: '2',
    });
  });

  it('fails the whole batch where the report cannot be read', () => {
    expect(deliveryOf({ ok: true, payload: { batchItemFailures: [{}] } }, batch, true)).toEqual({ kind: 'failed' });
  });

  it('ignores the answer of a function that reports no items', () => {
    expect(deliveryOf({ ok: true, payload: failing }, batch, false)).toEqual({ kind: 'succeeded' });
  });

  it.each([
    ['throttled', 'throttled'],
    ['unknown-function', 'throttled'],
    ['timed-out', 'failed'],
    ['failed', 'failed'],
    ['denied', 'failed'],
  ] as const)('takes an outcome %s for %s', (kind, delivery) => {
    expect(deliveryOf({ ok: false, kind, errorType: 'x', errorMessage: 'y' }, batch, true)).toEqual({ kind: delivery });
  });

  it('wants a state of each invocation in a tumbling window, save for the last', () => {
    const window = batchWindow(openWindow(0), 1_000, false);
    const last = batchWindow(openWindow(0), 1_000, true);
    const state = { sum: 1 };
    expect(deliveryOf({ ok: true, payload: { state } }, { records, window }, true)).toEqual({
      kind: 'succeeded',
      state,
    });
    expect(deliveryOf({ ok: true, payload: {} }, { records, window }, true)).toEqual({ kind: 'failed' });
    expect(deliveryOf({ ok: true, payload: { state: 'text' } }, { records, window }, true)).toEqual({ kind: 'failed' });
    expect(deliveryOf({ ok: true, payload: null }, { records: [], window: last }, true)).toMatchObject({
      kind: 'succeeded',
    });
    expect(deliveryOf({ ok: true, payload: { state, ...failing } }, { records, window }, true)).toEqual({
      kind: 'partially-failed',
      failedFrom: '2',
      state,
    });
  });
});
