import { CACHE_PORT, cacheHost, queueBaseUrl } from './assembly/deployed-endpoints.ts';
import { resolveDynamicReferences } from './assembly/dynamic-reference.ts';
import { type EndpointRule, endpointRewrite, type RewriteEndpoints } from './assembly/endpoint-rewrite.ts';
import type { ResolvedResource } from './assembly/resolved-resource.ts';
import { createIam, type Iam } from './aws/iam/iam.ts';
import { OWNER, type Principal } from './aws/principal.ts';
import { referenceReaders } from './aws/read-references.ts';
import { type Aws, startAws } from './aws/start-aws.ts';
import { type Cache, startCache } from './cache/start-cache.ts';
import { RecentRequests } from './console/recent-requests.ts';
import { takeSnapshot } from './console/snapshot.ts';
import { startConsole } from './console/start-console.ts';
import { openDataDir } from './data-dir.ts';
import { authorizedInvokes } from './functions/authorized-invokes.ts';
import { Checkpoints } from './functions/event-sources/checkpoints.ts';
import { type EventSources, startEventSources } from './functions/event-sources/event-sources.ts';
import { createFunctions, type Functions } from './functions/functions.ts';
import { ACCOUNT_THROTTLE_DEFAULT, createAccountThrottle } from './gateway/model/account-throttle.ts';
import { readStage, type StageAssembly } from './read-stage.ts';
import { RunningApis } from './running-apis.ts';
import type { Twin } from './twin.ts';
import type { TwinOptions } from './twin-options.ts';

const CACHE_TYPE = 'AWS::ElastiCache::ServerlessCache';

/** Starts all rooms of a twin and connects them; each registers how it is stopped. */
export async function runStage(
  options: TwinOptions,
  onStop: (stop: () => unknown) => void,
): Promise<Omit<Twin, 'close'>> {
  const { log = () => {}, nowMs = Date.now } = options;
  const startedAtMs = nowMs();
  let assembly = readStage(options.assemblyDir);
  const { region, accountId } = assembly;
  const place = { region, accountId, nowMs, log };
  const data = options.dataDir === undefined ? undefined : openDataDir(options.dataDir);
  if (data) onStop(() => data.close());
  const database = data?.database;
  const cache = await startCacheOf(assembly.resources, options);
  if (cache) {
    onStop(() => cache.stop());
    log(cache.describe);
  }

  let aws: Aws | undefined;
  const iam = createIam(assembly.resources, {
    ...place,
    mode: options.iam ?? 'enforce',
    lookups: {
      secretArn: (id) => aws?.secrets.find(id)?.arn,
      keyArn: (id) => aws?.keys.find(id)?.arn,
    },
  });
  // Gateways, event sources and schedules invoke functions, and functions need the addresses of all others.
  let functions: Functions | undefined;
  const invokes = authorizedInvokes(iam, () => functions);
  aws = await startAws({
    ...place,
    ...invokes,
    database,
    throttleTables: options.throttleTables ?? false,
    principalOf: (accessKeyId) => principalOf(accessKeyId, functions, aws, iam),
    authorize: iam.authorizeCall,
  });
  const services = aws;
  const { readSecret, readParameter } = referenceReaders(services);
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
    awsEndpointUrl: services.url,
    port: options.port,
    localize: (url) => rewrite(url),
    onAccess: (entry) => {
      requests.add(entry);
      options.onRequest?.(entry);
    },
  });
  onStop(() => apis.close());
  const checkpoints = new Checkpoints(database);
  let eventSources: EventSources | undefined;
  onStop(() => checkpoints.flush());
  // Together: an event source waits for the batch in flight, which ends when its function does.
  onStop(() => Promise.all([eventSources?.close(), functions?.close()]));

  const deploy = async (resources: readonly ResolvedResource[]): Promise<void> => {
    await services.provision(resources);
    await apis.apply(resources);
    rewrite = endpointRewrite([
      ...cacheRules(resources, region, cache),
      { deployed: queueBaseUrl(region), local: services.url },
      ...apis.rules(),
    ]);
    if (functions) await functions.apply(resources);
    else {
      functions = createFunctions(resources, {
        ...place,
        awsEndpointUrl: services.url,
        localize: (variables) => rewrite(resolveDynamicReferences(variables, readSecret, readParameter)),
        callAws: services.call,
        invokeAsync: invokes.invokeAsync,
        onMetrics: (namespace, metrics) => keepMetrics(services, namespace, metrics, log),
        coldStart: options.coldStart ?? 'shared',
        ...(options.onFunctionLine && { onLine: options.onFunctionLine }),
        ...(options.maxEnvironments !== undefined && { maxEnvironments: options.maxEnvironments }),
      });
    }
    await eventSources?.close();
    eventSources = startEventSources(resources, {
      ...place,
      ...invokes,
      callAws: services.call,
      streamOf: services.streamOf,
      roleOf: (name) => roleOf(iam.principalOfFunction(name)),
      authorizeRead: iam.authorizeRead,
      checkpoints,
    });
    await rotateAtOnce(resources, services);
  };
  await deploy(assembly.resources);

  const stage = options.stage ?? apis.list()[0]?.description.stage ?? 'none';
  const running = functions as unknown as Functions;
  const status = (): ReturnType<Twin['status']> => ({
    functions: running.status(0),
    eventSources: eventSources?.status() ?? [],
  });
  const page = await startConsole((logOf) =>
    takeSnapshot(
      {
        stage,
        startedAtMs,
        nowMs,
        region,
        cache: cache?.describe ?? 'no cache in this assembly',
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
    awsEndpointUrl: services.url,
    consoleUrl: page.url,
    stage,
    cache: cache?.describe,
    functions: running,
    callAws: services.call,
    status,
    iamReport: () => iam.report(),
    failCache: async (downMs) => cache?.fail(downMs),
    apply: async (assemblyDir) => {
      const next: StageAssembly = readStage(assemblyDir);
      iam.apply(next.resources);
      await deploy(next.resources);
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

/** Runs the first rotation of every secret whose schedule asks for it, so that the stage is usable when it is ready. */
async function rotateAtOnce(resources: readonly ResolvedResource[], { rotation }: Aws): Promise<void> {
  const schedules = resources.filter(({ type }) => type === 'AWS::SecretsManager::RotationSchedule');
  await Promise.all(
    schedules.map((schedule) => {
      const secret = rotation.attach(schedule);
      return secret && rotation.rotate(secret);
    }),
  );
}

async function startCacheOf(
  resources: readonly ResolvedResource[],
  { cacheUrl, embeddedCache }: TwinOptions,
): Promise<Cache | undefined> {
  const isWanted = resources.some(({ type }) => type === CACHE_TYPE);
  return isWanted ? startCache({ url: cacheUrl, embedded: embeddedCache }) : undefined;
}

function cacheRules(resources: readonly ResolvedResource[], region: string, cache: Cache | undefined): EndpointRule[] {
  if (!cache) return [];
  return resources
    .filter(({ type }) => type === CACHE_TYPE)
    .map(({ stackName, logicalId, physicalId }) => ({
      deployed: `rediss://${cacheHost({ stackName, logicalId, region, name: physicalId })}:${CACHE_PORT}`,
      local: `redis://${cache.host}:${cache.port}`,
    }));
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

function roleOf(principal: Principal): string | undefined {
  return principal.kind === 'role' ? principal.roleArn : undefined;
}
