import { parseArgs } from 'node:util';
import { TwinError } from './twin-error.ts';

/** The options of `npm start`. */
export interface TwinArguments {
  readonly stage: string;
  readonly port: number;
  /** `undefined`: synthesize. */
  readonly assembly: string | undefined;
  readonly watch: boolean;
  /** Where data outlives the twin; `undefined`: nowhere. */
  readonly data: string | undefined;
  readonly iam: 'enforce' | 'warn';
  /** The account's throttle; each is AWS's default where it is `undefined`. */
  readonly accountRps: number | undefined;
  readonly accountBurst: number | undefined;
  readonly coldStart: 'shared' | 'real';
  readonly throttleTables: boolean;
  readonly readyFile: string | undefined;
  readonly verbose: boolean;
  readonly help: boolean;
}

export const TWIN_USAGE = `Runs a stage on this machine, from the template that 'cdk deploy' would send to AWS.

  npm start -- [options]

  --stage NAME         stage of bin/stages.ts (default: dev)
  --port NUMBER        port of the API on 127.0.0.1; 0 takes a free one (default: 3000)
  --assembly DIR       run this cloud assembly, of any CDK app, instead of synthesizing one
  --watch              apply what is saved in bin, lib and lambdas (or a new synthesis into --assembly DIR) to the running
                       twin, without losing data
  --data DIR           keep tables, queues, streams, secrets and checkpoints in DIR over restarts
  --iam MODE           enforce: a call that the role's policies do not allow fails, as in AWS (default)
                       warn: it is reported, and goes through
  --account-rps N      requests a second that API Gateway serves for the whole account and Region (default: 10000)
  --account-burst N    and how many at once (default: 5000)
  --cold-start MODE    shared: a function has up to 8 environments, and further invocations wait for a free one (default)
                       real: one environment per concurrent invocation, growing and throttled at AWS's rate
  --throttle-tables    tables refuse what one partition, or their provisioned throughput, does not serve in AWS
  --ready-file FILE    write {"apiUrl","awsEndpointUrl","consoleUrl","pid","stage"} here once ready
  --verbose            print each request, and what the functions print
  --help               print this

SPILLWAY_CACHE_URL=redis://host:port uses a running Valkey or Redis; otherwise a valkey-server or redis-server of the
PATH is started, or else an embedded one. What the twin honours, ignores and refuses: docs/twin.md.
`;

/**
 * @throws TwinError `usage` on an unknown option or a value that makes no sense.
 */
export function parseTwinArguments(args: readonly string[]): TwinArguments {
  const values = parse(args);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new TwinError('usage', `--port must be a whole number from 0 to 65535, got '${values.port}'`);
  }
  const { stage, assembly, watch, data, verbose, help } = values;
  return {
    stage,
    port,
    assembly: pathOf('--assembly', assembly),
    watch,
    data: pathOf('--data', data),
    iam: oneOf('--iam', values.iam, ['enforce', 'warn']),
    accountRps: atLeastOne('--account-rps', values['account-rps']),
    accountBurst: atLeastOne('--account-burst', values['account-burst']),
    coldStart: oneOf('--cold-start', values['cold-start'], ['shared', 'real']),
    throttleTables: values['throttle-tables'],
    readyFile: pathOf('--ready-file', values['ready-file']),
    verbose,
    help,
  };
}

function oneOf<const T extends string>(option: string, value: string, accepted: readonly T[]): T {
  const found = accepted.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new TwinError('usage', `${option} must be ${accepted.join(' or ')}, got '${value}'`);
}

function atLeastOne(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value) && Number(value) >= 1) return Number(value);
  throw new TwinError('usage', `${option} must be a whole number of at least 1, got '${value}'`);
}

/** An empty path would mean the current directory, as where a variable of a script was not set. */
function pathOf(option: string, value: string | undefined): string | undefined {
  if (value !== '') return value;
  throw new TwinError('usage', `${option} must be a path, got ''`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string', default: 'dev' },
        port: { type: 'string', default: '3000' },
        assembly: { type: 'string' },
        watch: { type: 'boolean', default: false },
        data: { type: 'string' },
        iam: { type: 'string', default: 'enforce' },
        'account-rps': { type: 'string' },
        'account-burst': { type: 'string' },
        'cold-start': { type: 'string', default: 'shared' },
        'throttle-tables': { type: 'boolean', default: false },
        'ready-file': { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    // Node adds hints, on further lines, too, and about positional arguments, which this command has none of.
    const [sentence = ''] = (cause as Error).message.split(/\. |\.?\n/);
    throw new TwinError('usage', `${sentence}; --help lists the options`, { cause });
  }
}
