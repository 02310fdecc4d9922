import { queueBaseUrl } from './assembly/deployed-endpoints.ts';
import { resolveDynamicReferences } from './assembly/dynamic-reference.ts';
import { endpointRewrite, type RewriteEndpoints } from './assembly/endpoint-rewrite.ts';
import type { ResolvedResource } from './assembly/resolved-resource.ts';
import { createIam, type Iam } from './aws/iam/iam.ts';
import { OWNER, type Principal } from './aws/principal.ts';
import { referenceReaders } from './aws/read-references.ts';
import { type Aws, type AwsOptions, startAws } from './aws/start-aws.ts';
import { RecentRequests } from './console/recent-requests.ts';
import { takeSnapshot } from './console/snapshot.ts';
import { startConsole } from './console/start-console.ts';
import { openDataDir } from './data-dir.ts';
import { authorizedInvokes } from './functions/authorized-invokes.ts';
import { Checkpoints } from './functions/event-sources/checkpoints.ts';
import { type EventSources, startEventSources } from './functions/event-sources/event-sources.ts';
import { functionNameOf } from './functions/function-spec.ts';
import { FUNCTION_SECRET_KEY } from './functions/function-variables.ts';
import { createFunctions, type Functions } from './functions/functions.ts';
import type { Invoke } from './functions/invoke.ts';
import { ACCOUNT_THROTTLE_DEFAULT, createAccountThrottle } from './gateway/model/account-throttle.ts';
import { readStage, type StageAssembly } from './read-stage.ts';
import { RunningApis } from './running-apis.ts';
import { StageCache } from './stage-cache.ts';
import type { Twin } from './twin.ts';
import type { AroundCall, AroundDelivery } from './twin-faults.ts';
import type { TwinOptions } from './twin-options.ts';

/**
 * Starts all rooms of a twin and connects them; each registers how it is stopped. Rooms outlive a change of the templates:
 * every one of them takes the resources of another synthesis and keeps its data.
 */
export async function runStage(
  options: TwinOptions,
  onStop: (stop: () => unknown) => void,
): Promise<Omit<Twin, 'close'>> {
  const { log = () => {}, time, faults } = options;
  const nowMs = options.nowMs ?? time?.nowMs ?? Date.now;
  const startedAtMs = nowMs();
  let assembly = readStage(options.assemblyDir);
  const { region, accountId } = assembly;
  const place = { region, accountId, nowMs, log };
  const data = options.dataDir === undefined ? undefined : openDataDir(options.dataDir);
  if (data) onStop(() => data.close());
  const cache = new StageCache({ region, log, url: options.cacheUrl, embedded: options.embeddedCache });
  onStop(() => cache.stop());

  // Rooms call each other in circles, so some are looked up when they are needed.
  let aws: Aws | undefined;
  let functions: Functions | undefined;
  let eventSources: EventSources | undefined;
  const iam = createIam(assembly.resources, {
    ...place,
    mode: options.iam ?? 'enforce',
    lookups: {
      secretArn: (id) => aws?.secrets.find(id)?.arn,
      keyArn: (id) => aws?.keys.find(id)?.arn,
    },
  });
  const invokes = authorizedInvokes(iam, () => functions);
  const services = await startAws({
    ...place,
    ...invokes,
    database: data?.database,
    throttleTables: options.throttleTables ?? false,
    principalOf: (accessKeyId) => principalOf(accessKeyId, functions, aws, iam),
    secretOf: (accessKeyId) => (functions?.callerOf(accessKeyId) ? FUNCTION_SECRET_KEY : undefined),
    authorize: iam.authorizeCall,
    functionLoad: () => functionLoad(functions, eventSources),
    setTimer: time?.setTimer,
    ...(faults?.aroundCall && { around: aroundCallsOf(() => functions, faults.aroundCall) }),
  });
  aws = services;
  onStop(() => services.close());
  log(`AWS endpoint: ${services.url}`);

  const requests = new RecentRequests();
  let rewrite: RewriteEndpoints = (value) => value;
  const apis = new RunningApis({
    ...place,
    ...invokes,
    callAws: services.call,
    accountThrottle: createAccountThrottle({ ...ACCOUNT_THROTTLE_DEFAULT, ...options.accountThrottle }),
    connections: services.connections,
    apiKeys: services.apiKeys,
    awsEndpointUrl: services.url,
    port: options.port,
    localize: (url) => rewrite(url),
    onAccess: (entry) => {
      requests.add(entry);
      options.onRequest?.(entry);
    },
  });
  onStop(() => apis.close());
  const { readSecret, readParameter } = referenceReaders(services);
  const running = createFunctions([], {
    ...place,
    awsEndpointUrl: services.url,
    localize: (variables) => rewrite(resolveDynamicReferences(variables, readSecret, readParameter)),
    callAws: services.call,
    invokeAsync: invokes.invokeAsync,
    onMetrics: (namespace, metrics) => keepMetrics(services, namespace, metrics, log),
    coldStart: options.coldStart ?? 'shared',
    skipped: time?.skipped,
    ...(options.onFunctionLine && { onLine: options.onFunctionLine }),
    ...(options.maxEnvironments !== undefined && { maxEnvironments: options.maxEnvironments }),
  });
  functions = running;
  const checkpoints = new Checkpoints(data?.database);
  onStop(() => checkpoints.flush());
  // Together: an event source waits for the batch in flight, which ends when its function does.
  onStop(() => Promise.all([eventSources?.close(), running.close()]));

  const deploy = async (resources: readonly ResolvedResource[]): Promise<void> => {
    // A cache server takes as long to start as all the rest.
    const others = services.provision(resources).then(() => apis.apply(resources));
    await Promise.all([cache.apply(resources), others]);
    const queues = { deployed: queueBaseUrl(region), local: services.url };
    rewrite = endpointRewrite([...cache.rules, queues, ...apis.rules()]);
    await running.apply(resources);
    await eventSources?.close();
    eventSources = startEventSources(resources, {
      ...place,
      invoke: faults?.aroundDelivery ? aroundDeliveries(invokes.invoke, faults.aroundDelivery) : invokes.invoke,
      ...(time && { setTimer: time.setTimer }),
      callAws: services.call,
      streamOf: services.streamOf,
      roleOf: (name) => roleOf(iam.principalOfFunction(name)),
      authorizeRead: iam.authorizeRead,
      checkpoints,
    });
    await services.rotation.rotateNew(resources);
  };
  await deploy(assembly.resources);

  const stage = options.stage ?? apis.list()[0]?.description.stage ?? 'none';
  const page = await startConsole((logOf) =>
    takeSnapshot(
      {
        stage,
        startedAtMs,
        nowMs,
        region,
        cache: cache.describe ?? 'no cache in this assembly',
        apis: apis.list(),
        resources: assembly.resources,
        notices: assembly.notices,
        ignored: assembly.ignored,
        functions: running,
        eventSources: eventSources?.status() ?? [],
        aws: services,
        iamReport: iam.report,
        requests,
      },
      logOf,
    ),
  );
  onStop(() => page.close());

  return {
    get apiUrl() {
      return apis.list()[0]?.url ?? '';
    },
    get apis() {
      return apis.list();
    },
    get notices() {
      return assembly.notices;
    },
    get ignored() {
      return assembly.ignored;
    },
    get resources() {
      return assembly.resources;
    },
    get cache() {
      return cache.describe;
    },
    awsEndpointUrl: services.url,
    consoleUrl: page.url,
    stage,
    functions: running,
    callAws: services.call,
    status: () => ({
      functions: running.status(0),
      pendingEvents: running.pendingEvents,
      eventSources: eventSources?.status() ?? [],
    }),
    pauseEventSources: async (functionName) => (await eventSources?.pause(functionName)) ?? (() => {}),
    iamReport: () => iam.report(),
    failCache: (downMs) => cache.fail(downMs),
    apply: async (assemblyDir) => {
      const next: StageAssembly = readStage(assemblyDir);
      try {
        iam.apply(next.resources);
        await deploy(next.resources);
      } catch (error) {
        // What was done of it is undone: the twin goes on as it was.
        iam.apply(assembly.resources);
        await deploy(assembly.resources);
        throw error;
      }
      assembly = next;
    },
  };
}

/** What functions log as metrics is kept as far as CloudWatch would take it. */
function keepMetrics(
  { putMetrics }: Aws,
  ...[namespace, metrics, log]: [...Parameters<Aws['putMetrics']>, (message: string) => void]
): void {
  try {
    putMetrics(namespace, metrics);
  } catch (error) {
    log(`metrics of namespace '${namespace}' in a log are not kept: ${(error as Error).message}`);
  }
}

/** A function by its key, a role by the session that it was assumed for, and everybody else as the owner of the account. */
function principalOf(
  accessKeyId: string | undefined,
  functions: Functions | undefined,
  aws: Aws | undefined,
  iam: Iam,
): Principal {
  const caller = functions?.callerOf(accessKeyId);
  if (caller) return iam.principalOfFunction(caller.functionName);
  return aws?.principalOfSession(accessKeyId) ?? OWNER;
}

/** Only what functions call: those who look for faults call, too. */
function aroundCallsOf(functions: () => Functions | undefined, around: AroundCall): AwsOptions['around'] {
  return (call, run) => {
    const caller = functions()?.callerOf(call.accessKeyId);
    return caller ? around(caller.functionName, call, run) : run();
  };
}

function aroundDeliveries(invoke: Invoke, around: AroundDelivery): Invoke {
  return (name, payload, ...rest) => around(functionNameOf(name), () => invoke(name, payload, ...rest));
}

function functionLoad(functions: Functions | undefined, eventSources: EventSources | undefined) {
  const streams = (eventSources?.status() ?? []).flatMap(({ functionName, streamArn, oldestMs }) => {
    const [, , service] = streamArn.split(':');
    return service === 'kinesis'
      ? [{ functionName, streamName: streamArn.slice(streamArn.indexOf('/') + 1), oldestMs }]
      : [];
  });
  return { functions: functions?.status(0) ?? [], streams };
}

function roleOf(principal: Principal): string | undefined {
  return principal.kind === 'role' ? principal.roleArn : undefined;
}
