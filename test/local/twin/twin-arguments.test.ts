import { describe, expect, it } from 'vitest';
import { parseTwinArguments } from '../../../local/twin/twin-arguments.ts';

describe('parseTwinArguments', () => {
  it('has defaults for everything', () => {
    expect(parseTwinArguments([])).toEqual({
      stage: 'dev',
      port: 3_000,
      assembly: undefined,
      watch: false,
      data: undefined,
      iam: 'enforce',
      accountRps: undefined,
      accountBurst: undefined,
      coldStart: 'shared',
      throttleTables: false,
      readyFile: undefined,
      verbose: false,
      help: false,
    });
  });

  it('takes every option', () => {
    const args = ['--stage', 'prod', '--port=0', '--assembly', 'cdk.out', '--ready-file', 'ready.json', '--verbose'];
    args.push('--watch', '--data', 'data', '--iam', 'warn', '--account-rps', '20', '--account-burst=1');
    args.push('--cold-start', 'real', '--throttle-tables');
    expect(parseTwinArguments(args)).toEqual({
      stage: 'prod',
      port: 0,
      assembly: 'cdk.out',
      watch: true,
      data: 'data',
      iam: 'warn',
      accountRps: 20,
      accountBurst: 1,
      coldStart: 'real',
      throttleTables: true,
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

  it.each(['0', '-1', '1.5', 'NaN', '', '9999999999'])('fails on an account throttle of %j', (value) => {
    const message = (option: string) => `${option} must be a whole number of at least 1, got '${value}'`;
    expect(() => parseTwinArguments([`--account-rps=${value}`])).toThrow(message('--account-rps'));
    expect(() => parseTwinArguments([`--account-burst=${value}`])).toThrow(message('--account-burst'));
  });

  it('fails on a mode that there is not', () => {
    expect(() => parseTwinArguments(['--iam', 'off'])).toThrow("--iam must be enforce or warn, got 'off'");
    expect(() => parseTwinArguments(['--cold-start', ''])).toThrow("--cold-start must be shared or real, got ''");
  });

  it('fails on an unknown option, without a stack of its own words', () => {
    expect(() => parseTwinArguments(['--prot', '1'])).toThrow("Unknown option '--prot'; --help lists the options");
  });

  it('fails on an option without its value', () => {
    expect(() => parseTwinArguments(['--stage'])).toThrow(/--stage.*--help lists the options$/);
  });
  it('fails in one line on a value that looks like an option', () => {
    expect(() => parseTwinArguments(['--port', '-1'])).toThrow(
      /^Option '--port' argument is ambiguous; --help lists the options$/,
    );
  });

  it.each(['--assembly', '--data', '--ready-file'])('fails on an empty path of %s', (option) => {
    expect(() => parseTwinArguments([`${option}=`])).toThrow(`${option} must be a path, got ''`);
  });
});
