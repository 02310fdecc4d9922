import { describe, expect, it } from 'vitest';
import { textTable } from '../../../local/demo/text-table.ts';

describe('textTable', () => {
  it('pads words to the right and numbers to the left under a ruled head', () => {
    const table = textTable([
      ['status', 'why'],
      [200, 'ok'],
      [42_900, 'limited'],
    ]);
    expect(table).toBe(['status  why', '──────  ───────', '   200  ok', ' 42900  limited'].join('\n'));
  });
});
