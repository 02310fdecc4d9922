import { randomUUID } from 'node:crypto';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { CallAws } from '../aws/dispatcher.ts';
import { TwinError } from '../twin-error.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { type OnMetrics, readEmbeddedMetrics } from './embedded-metrics.ts';
import { FunctionCatalog, type FunctionTarget } from './function-catalog.ts';
import type { ColdStart } from './function-pool.ts';
import { functionNameOf } from './function-spec.ts';
import type { Invoke, InvokeAsync, InvokeOptions, InvokeOutcome } from './invoke.ts';
import { invokeOutcome, unknownFunction } from './invoke-outcome.ts';
import type { InvocationCounts } from './lambda-function.ts';
import type { LogLine } from './log-lines.ts';
import { LogTail } from './log-tail.ts';
import { traceHeader } from './trace-id.ts';

export interface FunctionsOptions {
  readonly region: string;
  readonly accountId: string;
  readonly awsEndpointUrl: string;
  /** Makes the template's variables fit this machine; asked when an environment starts. */
  readonly localize: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** Receives each line that a function prints, with the function's label. */
  readonly onLine?: (label: string, line: LogLine) => void;
  /** Receives metrics that functions write into their logs (embedded metric format). */
  readonly onMetrics?: OnMetrics;
  /** Receives a sentence about what a person should know. */
  readonly log?: (message: string) => void;
  /**
   * `shared` serves concurrent invocations with at most `maxEnvironments` per function, and lets the rest wait; `real`
   * starts one environment per concurrent invocation, as AWS does.
   * @default 'shared'
   */
  readonly coldStart?: ColdStart;
  /** Environments that one function may have. @default 8, with real cold starts 64 */
  readonly maxEnvironments?: number;
  /** Concurrent invocations of all functions together. @default 1000, as AWS starts with */
  readonly accountConcurrency?: number;
  /**
   * Waits before the first and the second retry of an asynchronous invocation that failed.
   * @default - 1 and 2 seconds; AWS waits 1 and 2 minutes, for which nobody sits at a laptop
   */
  readonly asyncRetryDelaysMs?: readonly number[];
  /** Calls other services, for dead letters and destinations. @default - they are reported to `log` alone */
  readonly callAws?: CallAws;
  /** Invokes functions that are destinations, in the name of the role. @default - IAM is not asked */
  readonly invokeAsync?: InvokeAsync;
  /** @default Date.now */
  readonly nowMs?: () => number;
  /** How far the functions' clocks are ahead of the machine's: `SkippableTime.skipped`. @default - they are the machine's */
  readonly skipped?: SharedArrayBuffer | undefined;
}

/** What the console shows of a function. */
export interface FunctionStatus extends InvocationCounts {
  readonly name: string;
  /** Construct path within the stack: `Api/Feed`. */
  readonly label: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly reservedConcurrency: number | undefined;
  readonly lines: readonly LogLine[];
}

/** Whose access key it is. */
export interface FunctionCaller {
  readonly functionName: string;
  readonly roleArn: string;
}

/** All Lambda functions of an assembly. */
export interface Functions {
  readonly invoke: Invoke;
  readonly invokeAsync: InvokeAsync;
  /** Name → access key id that the function's SDK clients sign with. */
  readonly accessKeys: Readonly<Record<string, string>>;
  callerOf(accessKeyId: string | undefined): FunctionCaller | undefined;
  readonly names: readonly string[];
  /** Events of asynchronous invocations that were taken and are not done with, destinations included. */
  readonly pendingEvents: number;
  /**
   * Takes another synthesis of the assembly. Functions whose properties, code and layers are the same keep their
   * environments; others get new ones, while what is in flight ends in the old; those that are gone end.
   *
   * @throws TwinError where one of them cannot run here; then nothing has changed.
   */
  apply(resources: readonly ResolvedResource[]): Promise<void>;
  /**
   * Ends all environments of a function at once, given its name, ARN, label, logical id or construct path.
   *
   * @throws TwinError that lists the functions, where there is no such one.
   */
  kill(name: string): Promise<void>;
  status(lineCount: number): readonly FunctionStatus[];
  close(): Promise<void>;
}

/**
 * Creates the functions among `resources`; no environment starts before the first invocation.
 *
 * @throws TwinError where one of them cannot run here.
 */
export function createFunctions(resources: readonly ResolvedResource[], options: FunctionsOptions): Functions {
  const { nowMs = Date.now, log = () => {}, onMetrics } = options;
  const catalog = new FunctionCatalog(resources, {
    ...options,
    nowMs,
    log,
    onLine: (spec, line) => {
      options.onLine?.(spec.label, line);
      if (onMetrics) readEmbeddedMetrics(line.text, onMetrics);
    },
  });

  const run = async (target: FunctionTarget, payload: unknown, given: InvokeOptions): Promise<InvokeOutcome> => {
    const invocation = {
      requestId: given.requestId ?? randomUUID(),
      eventJson: JSON.stringify(payload) ?? 'null',
      invokedFunctionArn: target.invokedArn,
      traceId: traceHeader(given.traceId, nowMs()),
      clientContextJson: given.clientContextJson,
    };
    if (!given.isRecorded) return invokeOutcome(await target.lambda.invoke(target.version, invocation));
    const tail = new LogTail(invocation.requestId, target);
    const outcome = await target.lambda.invoke(target.version, invocation, (line) => tail.add(line));
    return invokeOutcome(outcome, { invocation, version: target.version, logTail: tail.text() });
  };
  const invoke: Invoke = async (name, payload, _principal, given = {}) => {
    const target = catalog.find(name);
    return target ? run(target, payload, given) : unknownFunction(name, options);
  };

  const asynchronous = new AsyncInvocations({
    ...options,
    nowMs,
    log,
    run,
    invokeAsync: (...all) => (options.invokeAsync ?? invokeAsync)(...all),
  });
  const invokeAsync: InvokeAsync = async (name, payload, _principal, given = {}) => {
    const target = catalog.find(name);
    return target ? asynchronous.take(target, payload, given) : unknownFunction(name, options);
  };

  return {
    get names() {
      return catalog.all().map(({ spec }) => spec.name);
    },
    get pendingEvents() {
      return asynchronous.pending;
    },
    get accessKeys() {
      return catalog.accessKeys();
    },
    callerOf: (accessKeyId) => catalog.callerOf(accessKeyId),
    invoke,
    invokeAsync,
    apply: (next) => catalog.apply(next),
    kill: async (name) => {
      const wanted = functionNameOf(name);
      const all = catalog.all();
      const found = all.find(({ spec }) => [spec.name, spec.label, spec.path, spec.logicalId].includes(wanted));
      if (found) return found.kill();
      const known = all.map(({ spec }) => spec.label).join(', ');
      throw new TwinError('unknown-function', `there is no function '${name}'; those that run: ${known}`);
    },
    status: (lineCount) =>
      catalog.all().map((lambda) => ({
        ...lambda.counts(),
        name: lambda.spec.name,
        label: lambda.spec.label,
        timeoutSeconds: lambda.spec.timeoutSeconds,
        memoryMegabytes: lambda.spec.memoryMegabytes,
        reservedConcurrency: lambda.spec.reservedConcurrency,
        lines: lambda.lines.latest(lineCount),
      })),
    close: async () => {
      asynchronous.close();
      await catalog.close();
    },
  };
}
