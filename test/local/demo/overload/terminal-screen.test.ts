import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { TerminalView } from '../../../../local/demo/overload/terminal-chart.ts';
import { TerminalScreen } from '../../../../local/demo/overload/terminal-screen.ts';
import { overloadSampleRun } from '../../../support/overload-sample-run.ts';

/** Empties the line where the cursor stands: nothing was drawn that is to be drawn over. */
const CLEAR = '\u001b[2K';
const { phases, capacityPerSecond, seconds, breaker } = overloadSampleRun();
const viewAt = (nowSeconds: number, hasColor = false): TerminalView => ({
  ...{ phases, capacityPerSecond, breaker, hasColor, nowSeconds },
  seconds: seconds.slice(0, nowSeconds),
});

function screen(isTerminal: boolean, columns = 120) {
  const written: string[] = [];
  return {
    written,
    screen: new TerminalScreen({ write: (text) => written.push(text), isTerminal, columns: () => columns }),
  };
}

describe('TerminalScreen', () => {
  it('draws over what it drew before, as many lines up', () => {
    const { written, screen: shown } = screen(true);
    shown.show(viewAt(30));
    shown.show(viewAt(31));
    const lines = (written[0] ?? '').split('\n').length - 1;
    expect(written[0]?.startsWith(CLEAR)).toBe(true);
    expect(written[1]?.startsWith(`\u001b[${lines}A`)).toBe(true);
  });

  it('begins anew below a line that stays', () => {
    const { written, screen: shown } = screen(true);
    shown.show(viewAt(30));
    shown.say('here');
    shown.show(viewAt(31));
    expect(written[2]?.startsWith(CLEAR)).toBe(true);
  });

  it('cuts lines at the edge, where they would wrap, and colours do not count', () => {
    const { written, screen: shown } = screen(true, 60);
    shown.show(viewAt(40, true));
    const widths = (written[0] ?? '').split('\n').map((line) => stripVTControlCharacters(line).length);
    expect(Math.max(...widths)).toBe(60);
  });

  it('writes a line every other second where it cannot draw', () => {
    const { written, screen: shown } = screen(false);
    for (const at of [1, 2, 3, 4, 5]) shown.show(viewAt(at));
    expect(written.map((line) => line.slice(0, 5))).toEqual(['00:01', '00:03', '00:05']);
  });
});
