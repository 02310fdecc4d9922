import { describe, expect, it } from 'vitest';
import { itemFailures } from '../../../../../local/twin/functions/event-sources/item-failures.ts';

const inBatch = (identifier: string) => ['1', '2', '3'].includes(identifier);

describe('item failures', () => {
  it.each([
    ['nothing', null],
    ['undefined', undefined],
    ['an object without failures', {}],
    ['failures that are null', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('takes %s for a success', (_, payload) => {
    expect(itemFailures(payload, inBatch)).toEqual({ kind: 'none' });
  });

  it('names what failed', () => {
    const payload = { batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }, { itemIdentifier: '3' }] };
    expect(itemFailures(payload, inBatch)).toEqual({ kind: 'some', identifiers: new Set(['2', '3']) });
  });

  it.each([
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['an identifier of another batch', { batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '9' }] }],
    ['another member name', { batchItemFailures: [{ id: '2' }] }],
    ['entries that are text', { batchItemFailures: ['2'] }],
    ['entries that are null', { batchItemFailures: [null] }],
    ['no list', { batchItemFailures: 'all' }],
    ['an object in place of the list', { batchItemFailures: { itemIdentifier: '2' } }],
    ['text', '{"batchItemFailures":[]}'],
    ['a list', [{ itemIdentifier: '2' }]],
  ])('takes %s for a failure of the whole batch', (_, payload) => {
    expect(itemFailures(payload, inBatch)).toEqual({ kind: 'invalid' });
  });
});
