import { describe, expect, it } from 'vitest';
import { formatLine, RecentLines } from '../../../../local/twin/functions/log-lines.ts';

const line = (text: string) => ({ source: 'stdout', text, atMs: 0 }) as const;

describe('RecentLines', () => {
  it('keeps the last 200', () => {
    const lines = new RecentLines();
    for (let one = 1; one <= 201; one += 1) lines.add(line(String(one)));
    expect(lines.latest(1_000).map(({ text }) => text)[0]).toBe('2');
    expect(lines.latest(2).map(({ text }) => text)).toEqual(['200', '201']);
  });
});

describe('formatLine', () => {
  it('names the function', () => {
    expect(formatLine('Api/Feed', line('hello'), false)).toBe(`${'Api/Feed'.padEnd(24)} hello`);
  });

  it('colours the name by the function, on a terminal', () => {
    const colours = ['Api/Feed', 'Api/Posts', 'Worker'].map((name) => formatLine(name, line(''), true).slice(0, 5));
    expect(new Set(colours).size).toBeGreaterThan(1);
    expect(formatLine('Api/Feed', line('a'), true).slice(0, 5)).toBe(colours[0]);
  });
});
