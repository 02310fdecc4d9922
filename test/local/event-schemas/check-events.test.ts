import { describe, expect, it } from 'vitest';
import { checkEvents } from '../../../local/event-schemas/check-events.ts';

const schema = (type: string, data: object) => ({
  type: 'object',
  properties: { type: { const: type }, data: { type: 'object', properties: data } },
});
const text = { type: 'string' };

describe('checkEvents', () => {
  it('has nothing to say of types that are new, or as they were', () => {
    const published = { Seen: schema('Seen', { a: text }) };
    expect(checkEvents(published, { Seen: schema('Seen', { a: text, b: text }), Other: schema('Other', {}) })).toEqual(
      [],
    );
  });

  it('fails for a type that is gone', () => {
    expect(checkEvents({ Seen: schema('Seen', {}) }, {})).toEqual([
      "event type 'Seen' is published and has no schema any more, while the stream and its archive have its events; keep it",
    ]);
  });

  it('fails for a change with the type, the member, what became of it, and what to do instead', () => {
    const published = { Seen: schema('Seen', { a: text }) };
    const current = { Seen: schema('Seen', { a: { type: 'number' } }) };
    expect(checkEvents(published, current)).toEqual([
      `event type 'Seen': data.a has another type: it was "string" and is "number"; leave it as it was published, or add a new type such as 'Seen2' and publish both until nobody consumes 'Seen'`,
    ]);
  });

  it('names a new type that there is not yet', () => {
    const published = { Seen2: schema('Seen2', { a: text }) };
    const current = { Seen2: schema('Seen2', {}), Seen3: schema('Seen3', {}) };
    expect(checkEvents(published, current)).toEqual([expect.stringContaining("such as 'Seen4'")]);
  });

  it('says of the event what is about no member', () => {
    expect(checkEvents({ Seen: { type: 'object' } }, { Seen: { type: 'array' } })).toEqual([
      expect.stringMatching(/^event type 'Seen': the event has another type/),
    ]);
  });
});
