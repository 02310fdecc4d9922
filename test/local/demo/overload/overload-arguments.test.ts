import { describe, expect, it } from 'vitest';
import { parseOverloadArguments } from '../../../../local/demo/overload/overload-arguments.ts';

describe('parseOverloadArguments', () => {
  it('runs for 1.3 minutes on a twin of its own, and chooses a seed', () => {
    const args = parseOverloadArguments([]);
    expect(args).toMatchObject({ minutes: 1.3, stage: 'dev', url: undefined, json: undefined, help: false });
    expect(args.seed).toBeGreaterThanOrEqual(0);
    expect(args.html).toMatch(/spillway-overload\.html$/);
  });

  it('takes what it is told', () => {
    const args = [
      '--minutes',
      '2',
      '--seed',
      '7',
      '--json',
      'a.json',
      '--html',
      'b.html',
      '--url',
      'http://127.0.0.1:1/',
    ];
    expect(parseOverloadArguments(args)).toEqual({
      ...{ minutes: 2, seed: 7, json: 'a.json', html: 'b.html', url: 'http://127.0.0.1:1', stage: 'dev', help: false },
    });
  });

  it.each([
    [['--minutes', '0.5'], "--minutes must be from 1 to 30, got '0.5'"],
    [['--minutes', ''], "--minutes must be from 1 to 30, got ''"],
    [['--minutes', 'x'], "--minutes must be from 1 to 30, got 'x'"],
    [['--seed', '1.5'], "--seed must be a whole number from 0 to 4294967295, got '1.5'"],
    [['--seed', '4294967296'], "got '4294967296'"],
    [['--html', ''], "--html must be the path of a file, got ''"],
    [['--json', ''], "--json must be the path of a file, got ''"],
    [['--url', 'nowhere'], "--url must be a URL, got 'nowhere'"],
    [['--speed', '1'], "Unknown option '--speed'"],
  ])('fails for %j', (args, message) => {
    expect(() => parseOverloadArguments(args)).toThrow(message);
  });
});
