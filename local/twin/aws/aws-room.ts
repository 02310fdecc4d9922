import type { DatabaseSync } from 'node:sqlite';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { Invoke, InvokeAsync } from '../functions/invoke.ts';
import type { AwsService } from './aws-call.ts';
import type { CallAws } from './dispatcher.ts';

/** What every service of the endpoint is given. */
export interface AwsContext {
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: () => number;
  /** Receives a sentence about what a person should know. */
  readonly log: (message: string) => void;
  /** Invokes a function; functions start after the services. */
  readonly invoke: Invoke;
  /** Invokes a function without waiting for its end. */
  readonly invokeAsync: InvokeAsync;
  /** Calls another service, through IAM where a principal is given. */
  readonly callAws: CallAws;
  /** Where state outlives the process (`--data DIR`); `undefined` keeps it in memory. A service has tables of its own there. */
  readonly database: DatabaseSync | undefined;
}

/** One AWS service of the twin, with its state. */
export interface AwsRoom {
  readonly service: AwsService;
  /**
   * Creates what the templates declare and is not there yet, and brings what is there up to date, without losing data; looks
   * at the types of its own service alone. Called at the start, and again after each synthesis of `--watch`.
   *
   * @throws TwinError in a sentence that names the logical id.
   */
  provision(resources: readonly ResolvedResource[]): void | Promise<void>;
  close?(): void | Promise<void>;
}
