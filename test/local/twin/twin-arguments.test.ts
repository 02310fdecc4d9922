import { describe, expect, it } from 'vitest';
import { parseTwinArguments } from '../../../local/twin/twin-arguments.ts';

describe('parseTwinArguments', () => {
  it('has defaults for everything', () => {
    expect(parseTwinArguments([])).toEqual({
      stage: 'dev',
      port: 3_000,
      assembly: undefined,
      readyFile: undefined,
      verbose: false,
      help: false,
    });
  });

  it('takes every option', () => {
    const args = ['--stage', 'prod', '--port=0', '--assembly', 'cdk.out', '--ready-file', 'ready.json', '--verbose'];
    expect(parseTwinArguments(args)).toEqual({
      stage: 'prod',
      port: 0,
      assembly: 'cdk.out',
      readyFile: 'ready.json',
      verbose: true,
      help: false,
    });
  });

  it('takes the highest port, and fails on one more', () => {
    expect(parseTwinArguments(['--port', '65535']).port).toBe(65_535);
    expect(() => parseTwinArguments(['--port', '65536'])).toThrow(
      "--port must be a whole number from 0 to 65535, got '65536'",
    );
  });

  it.each(['', '-1', '3.5', 'http'])('fails on port %j', (port) => {
    expect(() => parseTwinArguments([`--port=${port}`])).toThrow(
      `--port must be a whole number from 0 to 65535, got '${port}'`,
    );
  });

  it('fails on an unknown option, without a stack of its own words', () => {
    expect(() => parseTwinArguments(['--prot', '1'])).toThrow("Unknown option '--prot'; --help lists the options");
  });

  it('fails on an option without its value', () => {
    expect(() => parseTwinArguments(['--stage'])).toThrow(/--stage.*--help lists the options$/);
  });
});
