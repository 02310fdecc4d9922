import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { plainLine, type TerminalView, terminalChart } from '../../../../local/demo/overload/terminal-chart.ts';
import { overloadSampleRun } from '../../../support/overload-sample-run.ts';

const run = overloadSampleRun();

function viewAt(nowSeconds: number, hasColor = false): TerminalView {
  const breaker = run.breaker.filter(({ atSeconds }) => atSeconds <= nowSeconds);
  const seconds = run.seconds.slice(0, nowSeconds);
  return { phases: run.phases, capacityPerSecond: run.capacityPerSecond, nowSeconds, seconds, breaker, hasColor };
}

describe('terminalChart', () => {
  it('has as many lines at the beginning as later, so that it can be drawn over itself', () => {
    const lengths = [0, 1, 30, 84, 99].map((at) => terminalChart(viewAt(at)).length);
    expect(new Set(lengths).size).toBe(1);
  });

  it('shows phase, load, overload and the breaker', () => {
    const [head, system] = terminalChart(viewAt(30));
    expect(head).toMatch(/^00:30 of 01:24 {2}twice the capacity +80 requests\/s offered, 40\/s can be served$/);
    expect(system).toMatch(
      /^overload █{14,15}░{5,6} 0\.7\d {3}in flight 5\.0 of 5\.0 {3}parked \d+ {3}breaker of the index ● closed$/,
    );
  });

  it('shows per priority what becomes of its requests, with the share served as a height', () => {
    const lines = terminalChart(viewAt(30)).slice(4);
    expect(lines.map((line) => line.slice(0, 24).trim().split(/ +/))).toEqual([
      ['critical-plus', 'checkout'],
      ['sheddable-plus', 'orders'],
      ['sheddable-plus', 'feed'],
      ['sheddable', 'search'],
    ]);
    expect(lines[0]).toMatch(/█{10}$/);
    expect(lines[3]).toMatch(/▁{5,}$/);
  });

  it('says the same in colours', () => {
    const colored = terminalChart(viewAt(45, true));
    expect(colored.join('')).toContain('\u001b[');
    expect(colored.map((line) => stripVTControlCharacters(line))).toEqual(terminalChart(viewAt(45)));
  });
});

describe('plainLine', () => {
  it('tells the same in one line', () => {
    const line = plainLine(viewAt(30));
    expect(line).toMatch(
      /^00:30 {2}twice the capacity +checkout (\d+)\/\1 p99 \d+ ms · orders \d+\/\d+ \(\d+ parked\)/,
    );
    expect(line).toMatch(/overload 0\.7\d, breaker closed$/);
  });

  it('can be said before anything was measured', () => {
    expect(plainLine(viewAt(0))).toMatch(/checkout 0\/0 p99 – ms .* overload unknown, breaker closed$/);
  });
});
