import { describe, expect, it } from 'vitest';
import { CommandLine, freshCommandLine } from '../command-line.ts';

describe('commands of server', () => {
  it('tells the time of its clock in seconds and microseconds', () => {
    const cache = new CommandLine();
    cache.nowMs = 1_234_567.25;
    expect(cache.connect().run('TIME')).toEqual(['"1234"', '"567250"']);
  });

  it('tells clients that it is ready', () => {
    expect(freshCommandLine()('INFO')).toContain('loading:0\r\n');
  });

  it('lists settings by pattern', () => {
    const run = freshCommandLine();
    expect(run('CONFIG GET appendonly')).toEqual(['"appendonly"', '"no"']);
    expect(run('CONFIG GET MaxMemory* save')).toEqual([
      '"maxmemory"',
      '"0"',
      '"maxmemory-policy"',
      '"noeviction"',
      '"save"',
      '""',
    ]);
    expect(run('CONFIG GET nope')).toEqual([]);
  });

  it('describes its commands', () => {
    const run = freshCommandLine();
    expect(run('COMMAND INFO get set nope')).toEqual([
      ['"get"', 2, ['"readonly"'], 0, 0, 0],
      ['"set"', -3, ['"write"'], 0, 0, 0],
      null,
    ]);
    expect(run('COMMAND COUNT')).toBeGreaterThan(90);
    expect(run('COMMAND')).toHaveLength(Number(run('COMMAND COUNT')));
    expect(run('COMMAND DOCS')).toEqual([]);
  });
});
