import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { resourceLabel } from '../assembly/resource-label.ts';
import { TwinError } from '../twin-error.ts';
import { type CodeSource, codeSource } from './function-code.ts';
import { parseFunctionName } from './function-name.ts';
import { LOG_LEVELS, type LogLevel, type LogSettings } from './runtime/environment-protocol.ts';

/** A Lambda function as its template declares it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  readonly path: string;
  /** Construct path within the stack, as short as it says what it is: `Api/Feed`. */
  readonly label: string;
  readonly code: CodeSource;
  /** ARNs of layer versions, first to last. */
  readonly layerArns: readonly string[];
  readonly handler: string;
  /** Such as `nodejs24.x`. */
  readonly runtime: string;
  /** 24 for `nodejs24.x`. */
  readonly nodeMajor: number;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Reserved concurrency; `undefined`: bounded by the account alone. */
  readonly reservedConcurrency?: number;
  /** Variables of the template, endpoints not yet rewritten. */
  readonly variables: Readonly<Record<string, string>>;
  /** The execution role. */
  readonly roleArn: string;
  readonly logging: LogSettings;
  readonly logGroupName: string;
  /** Queue or topic for events that asynchronous invocations gave up. */
  readonly deadLetterArn?: string;
}

interface FunctionProperties {
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Timeout?: number | string;
  readonly MemorySize?: number | string;
  readonly ReservedConcurrentExecutions?: number | string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Role?: string;
  readonly Layers?: readonly unknown[];
  readonly LoggingConfig?: {
    readonly LogFormat?: string;
    readonly ApplicationLogLevel?: string;
    readonly LogGroup?: string;
  };
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
}

/** Runtimes that the twin runs, all of them on the Node.js that it runs on itself. */
const RUNTIMES: Readonly<Record<string, number>> = { 'nodejs20.x': 20, 'nodejs22.x': 22, 'nodejs24.x': 24 };

/**
 * Reads an `AWS::Lambda::Function`.
 *
 * @throws TwinError where the function cannot run here: another runtime than Node.js 20 to 24, or code that is not in the
 *   assembly.
 */
export function functionSpec(resource: ResolvedResource, arnPrefix: string): FunctionSpec {
  const properties = resource.properties as FunctionProperties;
  const { Runtime: runtime = '(container image)', Handler: handler = '' } = properties;
  const subject = `function '${resource.logicalId}' (${resource.path}) of stack '${resource.stackName}'`;
  const nodeMajor = Object.hasOwn(RUNTIMES, runtime) ? RUNTIMES[runtime] : undefined;
  if (nodeMajor === undefined) {
    const known = Object.keys(RUNTIMES).join(', ');
    throw new TwinError(
      'unknown-runtime',
      `${subject}: the twin runs Node.js functions only (${known}), got runtime ${runtime}`,
    );
  }
  const reserved = properties.ReservedConcurrentExecutions;
  const deadLetterArn = properties.DeadLetterConfig?.TargetArn;
  return {
    name: resource.physicalId,
    arn: `${arnPrefix}:function:${resource.physicalId}`,
    logicalId: resource.logicalId,
    path: resource.path,
    label: resourceLabel(resource),
    code: codeSource(resource, subject),
    layerArns: (properties.Layers ?? []).map(String),
    handler,
    runtime,
    nodeMajor,
    // Defaults of AWS::Lambda::Function.
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMegabytes: Number(properties.MemorySize ?? 128),
    ...(reserved !== undefined && { reservedConcurrency: Number(reserved) }),
    variables: Object.fromEntries(
      Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    roleArn: properties.Role ?? '',
    logging: logSettings(properties),
    logGroupName: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${resource.physicalId}`,
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}

function logSettings({ LoggingConfig: { LogFormat, ApplicationLogLevel } = {} }: FunctionProperties): LogSettings {
  const level = LOG_LEVELS.find((known) => known === ApplicationLogLevel) ?? ('INFO' satisfies LogLevel);
  return { format: LogFormat === 'JSON' ? 'JSON' : 'Text', level };
}

/** `arn:…:function:name[:qualifier]`, `name:qualifier` or `name` → `name`. */
export function functionNameOf(arnOrName: string): string {
  return parseFunctionName(arnOrName).name;
}

/** The ARN as the context object shows it: with the alias or version that the function was invoked by, if any. */
export function functionArnOf(spec: FunctionSpec, arnOrName: string): string {
  const { qualifier } = parseFunctionName(arnOrName);
  return qualifier === undefined ? spec.arn : `${spec.arn}:${qualifier}`;
}
