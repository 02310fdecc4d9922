import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { TwinError } from '../twin-error.ts';
import { FunctionPool, type PoolStatus } from './function-pool.ts';
import { type FunctionSpec, functionArnOf, functionNameOf, functionSpec } from './function-spec.ts';
import { type CallerIdentity, functionVariables, withoutDualStack } from './function-variables.ts';
import type { Invoke } from './invoke.ts';
import { type LogLine, RecentLines } from './log-lines.ts';

export interface FunctionsOptions {
  readonly region: string;
  readonly accountId: string;
  readonly awsEndpointUrl: string;
  /** Makes the template's variables fit this machine; asked when an environment starts. */
  readonly localize: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** Receives each line that a function prints, with the function's label. */
  readonly onLine?: (label: string, line: LogLine) => void;
  /** @default 8 */
  readonly maxEnvironments?: number;
}

/** What the console shows of a function. */
export interface FunctionStatus extends PoolStatus {
  readonly name: string;
  /** Construct path within the stack: `Api/Feed`. */
  readonly label: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly reservedConcurrency: number | undefined;
  readonly lines: readonly LogLine[];
}

/** All Lambda functions of an assembly. */
export interface Functions {
  readonly invoke: Invoke;
  /** Name → access key id that the function's SDK clients sign with. */
  readonly accessKeys: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  /**
   * Ends all environments of a function at once, given its name, ARN, label, logical id or construct path.
   *
   * @throws TwinError that lists the functions, where there is no such one.
   */
  kill(name: string): Promise<void>;
  status(lineCount: number): readonly FunctionStatus[];
  close(): Promise<void>;
}

interface Entry {
  readonly spec: FunctionSpec;
  readonly logicalId: string;
  readonly pool: FunctionPool;
  readonly lines: RecentLines;
}

/** Creates the functions among `resources`; no environment starts before the first invocation. */
export function createFunctions(resources: readonly ResolvedResource[], options: FunctionsOptions): Functions {
  const entries = new Map<string, Entry>();
  const accessKeys: Record<string, string> = {};
  for (const resource of resources) {
    if (resource.type !== 'AWS::Lambda::Function') continue;
    const entry = createEntry(resource, options, accessKeyId(entries.size + 1));
    entries.set(entry.spec.name, entry);
    accessKeys[entry.spec.name] = accessKeyId(entries.size);
  }
  const all = [...entries.values()];
  return {
    names: [...entries.keys()],
    accessKeys,
    invoke: async (functionArnOrName, payload) => {
      const entry = entries.get(functionNameOf(functionArnOrName));
      if (!entry) {
        return {
          ok: false,
          kind: 'unknown-function',
          errorType: 'ResourceNotFoundException',
          errorMessage: `Function not found: ${functionArnOrName}`,
        };
      }
      return entry.pool.invoke(functionArnOf(entry.spec, functionArnOrName), payload);
    },
    kill: async (name) => {
      const wanted = functionNameOf(name);
      const entry = all.find(({ spec, logicalId }) => [spec.name, spec.label, spec.path, logicalId].includes(wanted));
      if (entry) return entry.pool.kill();
      const known = all.map(({ spec }) => spec.label).join(', ');
      throw new TwinError('unknown-function', `there is no function '${name}'; those that run: ${known}`);
    },
    status: (lineCount) =>
      all.map(({ spec, pool, lines }) => ({
        ...pool.status(),
        name: spec.name,
        label: spec.label,
        timeoutSeconds: spec.timeoutSeconds,
        memoryMegabytes: spec.memoryMegabytes,
        reservedConcurrency: spec.reservedConcurrency,
        lines: lines.latest(lineCount),
      })),
    close: async () => {
      await Promise.all(all.map(({ pool }) => pool.close()));
    },
  };
}

function createEntry(resource: ResolvedResource, options: FunctionsOptions, keyId: string): Entry {
  const spec = functionSpec(resource, `arn:aws:lambda:${options.region}:${options.accountId}`);
  const caller: CallerIdentity = {
    awsEndpointUrl: options.awsEndpointUrl,
    region: options.region,
    accessKeyId: keyId,
  };
  const lines = new RecentLines();
  const pool = new FunctionPool(spec, {
    variables: () => functionVariables(spec, withoutDualStack(options.localize(spec.variables)), caller),
    onLine: (line) => {
      lines.add(line);
      options.onLine?.(spec.label, line);
    },
    maxEnvironments: options.maxEnvironments ?? 8,
  });
  return { spec, logicalId: resource.logicalId, pool, lines };
}

function accessKeyId(ordinal: number): string {
  return `ASIATWIN${String(ordinal).padStart(12, '0')}`;
}
