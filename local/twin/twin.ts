import type { Notice } from './assembly/resolve-assembly.ts';
import type { ResolvedResource } from './assembly/resolved-resource.ts';
import type { CallAws } from './aws/dispatcher.ts';
import type { IamReport } from './aws/iam/iam-report.ts';
import type { EventSourceStatus } from './functions/event-sources/event-sources.ts';
import type { FunctionStatus, Functions } from './functions/functions.ts';
import { runStage } from './run-stage.ts';
import type { RunningApi } from './running-apis.ts';
import type { TwinOptions } from './twin-options.ts';

/** A running stage on this machine. */
export interface Twin {
  /** Base URL of the first API, without a trailing slash; empty where the assembly has none. */
  readonly apiUrl: string;
  readonly apis: readonly RunningApi[];
  readonly awsEndpointUrl: string;
  readonly consoleUrl: string;
  readonly stage: string;
  /** A sentence that says which cache serves; `undefined` where the assembly has none. */
  readonly cache: string | undefined;
  /** Resources that change nothing on this machine, by type. */
  readonly notices: readonly Notice[];
  /** A sentence about each property that the twin ignores. */
  readonly ignored: readonly string[];
  readonly resources: readonly ResolvedResource[];
  readonly functions: Pick<Functions, 'invoke' | 'kill' | 'names' | 'status'>;
  /** Calls an AWS service of the twin as its owner. */
  readonly callAws: CallAws;
  status(): TwinStatus;
  /**
   * Stops delivering to a function, given its name; resolves with what goes on with it, once what is in flight has ended. To
   * apply another assembly goes on with all of them.
   */
  pauseEventSources(functionName: string): Promise<() => void>;
  /** What this run showed about permissions. */
  iamReport(): IamReport;
  /** Ends the cache and has it replaced, empty, after so many milliseconds; does nothing where the assembly has none. */
  failCache(downMs: number): Promise<void>;
  /**
   * Brings the twin to what another synthesis of the same stage says, without losing data.
   *
   * @throws TwinError in a sentence that says what to change.
   */
  apply(assemblyDir: string): Promise<void>;
  /** Stops everything that was started; may be called twice. */
  close(): Promise<void>;
}

/** What is under way. */
export interface TwinStatus {
  readonly functions: readonly FunctionStatus[];
  /** Asynchronous invocations that wait, retries included. */
  readonly pendingEvents: number;
  readonly eventSources: readonly EventSourceStatus[];
}

/**
 * Runs what the templates of a cloud assembly declare.
 *
 * @throws TwinError in a sentence that says what to change, with nothing left running.
 */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const stops: Array<() => unknown> = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stopAll(stops);
    return closing;
  };
  try {
    const stage = await runStage(options, (stop) => stops.push(stop));
    // Not spread: members change when another assembly is applied.
    return Object.assign(stage, { close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Last started, first stopped; a stop that fails does not keep the others from it. */
async function stopAll(stops: ReadonlyArray<() => unknown>): Promise<void> {
  for (const stop of stops.toReversed())
    await Promise.resolve()
      .then(stop)
      .catch(() => {});
}
