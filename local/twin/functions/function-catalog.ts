import { isDeepStrictEqual } from 'node:util';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { type EventInvokeConfig, type EventInvokeConfigOf, eventInvokeConfigs } from './event-invoke-config.ts';
import { type CodeSource, CodeStore } from './function-code.ts';
import { layerRootsOf, layersOf, missingLayers } from './function-layers.ts';
import { parseFunctionName } from './function-name.ts';
import { type FunctionSpec, functionArnOf, functionSpec } from './function-spec.ts';
import { functionVariables, withoutDualStack } from './function-variables.ts';
import { type VersionOf, versionsOf } from './function-versions.ts';
import type { FunctionCaller, FunctionsOptions } from './functions.ts';
import { LambdaFunction } from './lambda-function.ts';
import type { LogLine } from './log-lines.ts';
import {
  admit,
  type ConcurrencyLimits,
  concurrencyLimits,
  createConcurrencyState,
  UNRESERVED_MIN,
  unreservedConcurrency,
} from './model/concurrency.ts';

/** What a name or an ARN stands for. */
export interface FunctionTarget {
  readonly lambda: LambdaFunction;
  /** `$LATEST`, or a version's number. */
  readonly version: string;
  /** With the alias or version that it was invoked by. */
  readonly invokedArn: string;
  /** Treatment of events that it is invoked with asynchronously. */
  readonly eventInvokeConfig: EventInvokeConfig;
}

export interface CatalogOptions
  extends Pick<
    FunctionsOptions,
    | 'region'
    | 'accountId'
    | 'awsEndpointUrl'
    | 'localize'
    | 'coldStart'
    | 'maxEnvironments'
    | 'accountConcurrency'
    | 'skipped'
  > {
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
  readonly onLine: (spec: FunctionSpec, line: LogLine) => void;
}

const ACCOUNT_CONCURRENCY = 1_000;
/** By way of cold start: a thread of a small function takes 10 to 20 MB. */
const MAX_ENVIRONMENTS = { shared: 8, real: 64 };

/** What an assembly says of its functions. */
interface Declared {
  readonly specs: readonly FunctionSpec[];
  readonly layers: ReadonlyMap<string, CodeSource>;
  readonly versionOf: VersionOf;
  readonly eventInvokeConfigOf: EventInvokeConfigOf;
  readonly limits: ConcurrencyLimits;
}

/** The functions of an assembly by name, kept up to date with it. */
export class FunctionCatalog {
  readonly #options: CatalogOptions;
  readonly #store = new CodeStore();
  readonly #concurrency = createConcurrencyState();
  readonly #functions = new Map<string, LambdaFunction>();
  /** Names keep their keys over a change of the assembly. */
  readonly #accessKeys = new Map<string, string>();
  readonly #targets = new Map<string, FunctionTarget>();
  #declared: Declared;

  constructor(resources: readonly ResolvedResource[], options: CatalogOptions) {
    this.#options = options;
    this.#declared = this.#read(resources);
    for (const spec of this.#declared.specs) this.#add(spec);
  }

  all(): readonly LambdaFunction[] {
    return [...this.#functions.values()];
  }

  find(arnOrName: string): FunctionTarget | undefined {
    const known = this.#targets.get(arnOrName);
    if (known) return known;
    const target = this.#resolve(arnOrName);
    if (target) this.#targets.set(arnOrName, target);
    return target;
  }

  accessKeys(): Record<string, string> {
    return Object.fromEntries(this.all().map(({ spec }) => [spec.name, this.#accessKeys.get(spec.name) ?? '']));
  }

  callerOf(accessKeyId: string | undefined): FunctionCaller | undefined {
    for (const { spec } of this.#functions.values()) {
      if (this.#accessKeys.get(spec.name) === accessKeyId) return { functionName: spec.name, roleArn: spec.roleArn };
    }
    return undefined;
  }

  async apply(resources: readonly ResolvedResource[]): Promise<void> {
    const before = this.#declared;
    const next = this.#read(resources);
    this.#declared = next;
    this.#targets.clear();
    const removed = [...this.#functions.keys()].filter((name) => !next.specs.some((spec) => spec.name === name));
    for (const spec of next.specs) {
      const known = this.#functions.get(spec.name);
      if (!known) this.#add(spec);
      else if (!isSame(known.spec, spec, before.layers, next.layers)) known.replace(spec);
    }
    await Promise.all(
      removed.map((name) => {
        const gone = this.#functions.get(name);
        this.#functions.delete(name);
        return gone?.close();
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((lambda) => lambda.close()));
    this.#store.remove();
  }

  #read(resources: readonly ResolvedResource[]): Declared {
    const { region, accountId, accountConcurrency = ACCOUNT_CONCURRENCY, log } = this.#options;
    const specs = resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map((resource) => functionSpec(resource, `arn:aws:lambda:${region}:${accountId}`));
    const reserved = specs.flatMap(({ name, reservedConcurrency }): [string, number][] =>
      reservedConcurrency === undefined ? [] : [[name, reservedConcurrency]],
    );
    const limits = concurrencyLimits(accountConcurrency, new Map(reserved));
    const left = unreservedConcurrency(limits);
    if (reserved.length > 0 && left < UNRESERVED_MIN) {
      log(
        `functions reserve so much of the account's concurrency (${accountConcurrency}) that ${left} is left for all others; ` +
          `AWS refuses to deploy what leaves less than ${UNRESERVED_MIN}`,
      );
    }
    const layers = layersOf(resources);
    for (const sentence of missingLayers(specs, layers)) log(sentence);
    return {
      specs,
      limits,
      layers,
      versionOf: versionsOf(resources),
      eventInvokeConfigOf: eventInvokeConfigs(resources),
    };
  }

  #add(spec: FunctionSpec): void {
    const { nowMs, log, onLine, coldStart = 'shared', maxEnvironments = MAX_ENVIRONMENTS[coldStart] } = this.#options;
    if (!this.#accessKeys.has(spec.name)) this.#accessKeys.set(spec.name, accessKeyId(this.#accessKeys.size + 1));
    const lambda = new LambdaFunction(spec, {
      coldStart,
      maxEnvironments,
      nowMs,
      log,
      onLine,
      admit: (name) => admit(this.#concurrency, this.#declared.limits, name, nowMs()),
      environment: (current, version) => this.#environment(current, version),
    });
    this.#functions.set(spec.name, lambda);
  }

  #environment(spec: FunctionSpec, version: string) {
    const { awsEndpointUrl, region, localize, nowMs, skipped } = this.#options;
    const taskRoot = this.#store.directoryOf(spec.code);
    const layerRoots = layerRootsOf(spec, this.#declared.layers, this.#store);
    const caller = { awsEndpointUrl, region, accessKeyId: this.#accessKeys.get(spec.name) ?? '' };
    const place = { taskRoot, version, startedAtMs: nowMs() };
    return {
      code: { taskRoot, layerRoots },
      skipped,
      variables: functionVariables(spec, withoutDualStack(localize(spec.variables)), caller, place),
    };
  }

  #resolve(arnOrName: string): FunctionTarget | undefined {
    const { name, qualifier } = parseFunctionName(arnOrName);
    const lambda = this.#functions.get(name);
    const version = this.#declared.versionOf(name, qualifier);
    if (!lambda || version === undefined) return undefined;
    return {
      lambda,
      version,
      invokedArn: functionArnOf(lambda.spec, arnOrName),
      eventInvokeConfig: this.#declared.eventInvokeConfigOf(name, qualifier),
    };
  }
}

/** Assets are named by what they hold, so the same path is the same code. */
function isSame(
  known: FunctionSpec,
  spec: FunctionSpec,
  knownLayers: Declared['layers'],
  layers: Declared['layers'],
): boolean {
  const sources = (of: Declared['layers'], { layerArns }: FunctionSpec) => layerArns.map((arn) => of.get(arn));
  return isDeepStrictEqual(known, spec) && isDeepStrictEqual(sources(knownLayers, known), sources(layers, spec));
}

function accessKeyId(ordinal: number): string {
  return `ASIATWIN${String(ordinal).padStart(12, '0')}`;
}
