import { existsSync } from 'node:fs';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { resourceLabel } from '../assembly/resource-label.ts';
import { TwinError } from '../twin-error.ts';

/** A Lambda function as its template declares it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  /** Construct path within the stack, as short as it says what it is: `Api/Feed`. */
  readonly label: string;
  /** Directory of the bundle. */
  readonly taskRoot: string;
  readonly handler: string;
  /** Such as `nodejs24.x`. */
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Reserved concurrency; `undefined`: bounded by the account alone. */
  readonly reservedConcurrency?: number;
  /** Variables of the template, endpoints not yet rewritten. */
  readonly variables: Readonly<Record<string, string>>;
}

interface FunctionProperties {
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Timeout?: number | string;
  readonly MemorySize?: number | string;
  readonly ReservedConcurrentExecutions?: number | string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
}

/**
 * Reads an `AWS::Lambda::Function`.
 *
 * @throws TwinError where the function cannot run here: another runtime than Node.js, or code that is not an asset or is not there.
 */
export function functionSpec(resource: ResolvedResource, arnPrefix: string): FunctionSpec {
  const properties = resource.properties as FunctionProperties;
  const { Runtime: runtime = '(container image)', Handler: handler = '' } = properties;
  const subject = `function '${resource.logicalId}' (${resource.path}) of stack '${resource.stackName}'`;
  if (!runtime.startsWith('nodejs')) {
    throw new TwinError('unknown-runtime', `${subject}: the twin runs Node.js functions only, got runtime ${runtime}`);
  }
  const taskRoot = resource.metadata['aws:asset:path'];
  if (typeof taskRoot !== 'string') {
    throw new TwinError(
      'code-without-asset',
      `${subject}: its code is not an asset of the assembly; use Code.fromAsset, which the twin can load`,
    );
  }
  if (!existsSync(taskRoot)) {
    throw new TwinError(
      'missing-asset',
      `${subject}: its code is missing, there is no ${taskRoot}; synthesize the assembly again`,
    );
  }
  const reserved = properties.ReservedConcurrentExecutions;
  return {
    name: resource.physicalId,
    arn: `${arnPrefix}:function:${resource.physicalId}`,
    path: resource.path,
    label: resourceLabel(resource),
    taskRoot,
    handler,
    runtime,
    // Defaults of AWS::Lambda::Function.
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMegabytes: Number(properties.MemorySize ?? 128),
    ...(reserved !== undefined && { reservedConcurrency: Number(reserved) }),
    variables: Object.fromEntries(
      Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]),
    ),
  };
}

/** `arn:…:function:name[:qualifier]`, `name:qualifier` or `name` → `name`. */
export function functionNameOf(arnOrName: string): string {
  const parts = arnOrName.split(':');
  return (parts[0] === 'arn' ? parts[6] : parts[0]) ?? arnOrName;
}

/** The ARN as the context object shows it: with the alias or version that the function was invoked by, if any. */
export function functionArnOf(spec: FunctionSpec, arnOrName: string): string {
  if (arnOrName.startsWith('arn:')) return arnOrName;
  const qualifier = arnOrName.split(':')[1];
  return qualifier === undefined ? spec.arn : `${spec.arn}:${qualifier}`;
}
