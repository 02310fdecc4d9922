import { describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../../../local/twin/aws/events/event-store.ts';
import { type InputSettings, inputFor } from '../../../../../local/twin/aws/events/target-input.ts';

const event: BusEvent = {
  version: '0',
  id: 'id-1',
  'detail-type': 'Order placed',
  source: 'shop',
  account: '000000000000',
  time: '2026-11-22T04:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:one'],
  detail: { order: { id: 7, note: 'say "hi"' }, items: [{ sku: 'a' }, { sku: 'b' }] },
};
const rule = { arn: 'arn:rule', name: 'orders' };

describe('inputFor', () => {
  it.each<[what: string, settings: InputSettings, expected: unknown]>([
    ['the whole event where nothing is set', {}, event],
    ['a constant', { Input: '{"fixed":true}' }, { fixed: true }],
    ['a part of the event', { InputPath: '$.detail.order' }, { id: 7, note: 'say "hi"' }],
    ['an element of a list', { InputPath: '$.detail.items[1].sku' }, 'b'],
    ['all elements of a list', { InputPath: '$.detail.items[*].sku' }, ['a', 'b']],
    ['a member with a dash', { InputPath: "$['detail-type']" }, 'Order placed'],
    ['null for a part that is not there', { InputPath: '$.detail.nothing' }, null],
  ])('gives %s', (_what, settings, expected) => {
    expect(JSON.parse(inputFor(event, settings, rule))).toEqual(expected);
  });

  const transform = (InputTemplate: string): unknown => {
    const InputPathsMap = { order: '$.detail.order', note: '$.detail.order.note', id: '$.detail.order.id', no: '$.x' };
    return JSON.parse(inputFor(event, { InputTransformer: { InputPathsMap, InputTemplate } }, rule));
  };

  it('puts values into a template: JSON outside of quotes, text within', () => {
    const template =
      '{"order": <order>, "note": <note>, "text": "order <id>: <note>", "rule": "<aws.events.rule-name>"}';
    expect(transform(template)).toEqual({
      order: { id: 7, note: 'say "hi"' },
      note: 'say "hi"',
      text: 'order 7: say "hi"',
      rule: 'orders',
    });
  });

  it('leaves out what the event does not have, and leaves alone what is no variable', () => {
    expect(transform('{"a": <no>, "b": "<no>", "c": "1 <other> 2"}')).toEqual({ a: '', b: '', c: '1 <other> 2' });
  });

  it('makes a text of a template that is no JSON', () => {
    expect(transform('order <id>')).toBe('order 7');
    expect(transform('"order <id>"')).toBe('order 7');
  });
});
