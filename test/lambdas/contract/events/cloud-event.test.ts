import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cloudEvent } from '../../../../lambdas/contract/events/cloud-event.ts';

const Seen = cloudEvent('Seen', v.object({ what: v.string() }));
const seen = {
  specversion: '1.0',
  id: 's1',
  source: '/test',
  type: 'Seen',
  time: '2026-11-22T10:00:00.000Z',
  subject: 'ada',
  datacontenttype: 'application/json',
  data: { what: 'a post' },
};
const isSeen = (overrides: object) => v.is(Seen, { ...seen, ...overrides });

describe('cloudEvent', () => {
  it('takes an event, also with members that it does not know, which it leaves out', () => {
    expect(v.parse(Seen, { ...seen, color: 'red', data: { what: 'a post', when: 'now' } })).toEqual(seen);
  });

  it.each(['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.123456Z', '2026-11-22T10:00:00+14:00'])(
    'takes the time %s',
    (time) => {
      expect(isSeen({ time })).toBe(true);
      expect(Date.parse(time)).not.toBeNaN();
    },
  );

  it('takes every time that a Date writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isSeen({ time: date.toISOString() })).toBe(true);
        },
      ),
    );
  });

  it.each([
    ...[
      '',
      'now',
      '2026-11-22',
      '2026-11-22T10:00Z',
      '2026-11-22 10:00:00Z',
      '2026-11-22T10:00:00',
      '2026-13-22T10:00:00Z',
    ],
    ...['2026-11-22T25:00:00Z', '2026-11-22T10:00:00+14', '2026-11-22T10:00:00+0200'],
  ])('fails for the time %j', (time) => {
    expect(isSeen({ time })).toBe(false);
  });

  it('fails for names that are no partition key', () => {
    for (const name of ['id', 'subject']) {
      expect(isSeen({ [name]: 'x'.repeat(256) })).toBe(true);
      expect(isSeen({ [name]: 'x'.repeat(257) })).toBe(false);
      expect(isSeen({ [name]: '' })).toBe(false);
    }
    expect(isSeen({ source: '' })).toBe(false);
  });

  it('fails for another type, or another version', () => {
    expect(isSeen({ type: 'Heard' })).toBe(false);
    expect(isSeen({ specversion: '0.3' })).toBe(false);
  });
});
