import { describe, expect, it } from 'vitest';
import { verdictTable } from '../../../../local/demo/overload/verdict-table.ts';

describe('verdictTable', () => {
  it('names what is missed so that it is seen', () => {
    const figure = { title: 'fast', wanted: 'under 500 ms', measured: '512 ms' };
    const rows = verdictTable([
      { ...figure, isMet: true },
      { ...figure, isMet: false },
    ]).split('\n');
    expect(rows.slice(2)).toEqual(['met     fast    under 500 ms  512 ms', 'MISSED  fast    under 500 ms  512 ms']);
  });
});
