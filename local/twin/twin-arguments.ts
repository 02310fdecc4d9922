import { parseArgs } from 'node:util';
import { TwinError } from './twin-error.ts';

/** The options of `npm start`. */
export interface TwinArguments {
  readonly stage: string;
  readonly port: number;
  /** `undefined`: synthesize. */
  readonly assembly: string | undefined;
  readonly readyFile: string | undefined;
  readonly verbose: boolean;
  readonly help: boolean;
}

export const TWIN_USAGE = `Runs a stage on this machine, from the template that 'cdk deploy' would send to AWS.

  npm start -- [options]

  --stage NAME       stage of bin/stages.ts (default: dev)
  --port NUMBER      port of the API on 127.0.0.1; 0 takes a free one (default: 3000)
  --assembly DIR     run this cloud assembly instead of synthesizing one
  --ready-file FILE  write {"apiUrl","awsEndpointUrl","consoleUrl","pid","stage"} here once ready
  --verbose          print each request, and what the functions print
  --help             print this

SPILLWAY_CACHE_URL=redis://host:port uses a running Valkey or Redis; otherwise a valkey-server or redis-server of the
PATH is started, or else an embedded one.
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
  const { stage, assembly, verbose, help } = values;
  return { stage, port, assembly, readyFile: values['ready-file'], verbose, help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string', default: 'dev' },
        port: { type: 'string', default: '3000' },
        assembly: { type: 'string' },
        'ready-file': { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    // Node adds a hint about positional arguments, which this command has none of.
    const [sentence = ''] = (cause as Error).message.split('. ');
    throw new TwinError('usage', `${sentence}; --help lists the options`, { cause });
  }
}
