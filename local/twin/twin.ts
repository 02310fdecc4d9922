import { CACHE_PORT, cacheHost, queueBaseUrl, restApiBaseUrl, restApis } from './assembly/deployed-endpoints.ts';
import { resolveDynamicReferences, type SecretReference } from './assembly/dynamic-reference.ts';
import { type EndpointRule, endpointRewrite } from './assembly/endpoint-rewrite.ts';
import { readAssembly } from './assembly/read-assembly.ts';
import { type Notice, resolveAssembly } from './assembly/resolve-assembly.ts';
import type { ResolvedResource } from './assembly/resolved-resource.ts';
import { OWNER } from './aws/principal.ts';
import { type Aws, startAws } from './aws/start-aws.ts';
import { type Cache, startCache } from './cache/start-cache.ts';
import { RecentRequests } from './console/recent-requests.ts';
import { type RunningApi, takeSnapshot } from './console/snapshot.ts';
import { startConsole } from './console/start-console.ts';
import { startEventSources } from './functions/event-sources/event-sources.ts';
import { createFunctions, type Functions } from './functions/functions.ts';
import type { Invoke } from './functions/invoke.ts';
import type { AccessEntry } from './gateway/access-entry.ts';
import { createGateway, type Gateway } from './gateway/create-gateway.ts';
import type { TwinOptions } from './twin-options.ts';

/** A running stage on this machine. */
export interface Twin {
  /** Base URL of the first REST API, without a trailing slash; empty where the assembly has none. */
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
  /** Stops everything that was started; may be called twice. */
  close(): Promise<void>;
}

/**
 * Runs what the templates of a cloud assembly declare.
 *
 * @throws TwinError in a sentence that says what to change, with nothing left running.
 */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const stops: Array<() => Promise<unknown>> = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stopAll(stops);
    return closing;
  };
  try {
    return { ...(await start(options, (stop) => stops.push(stop))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Last started, first stopped; a stop that fails does not keep the others from it. */
async function stopAll(stops: ReadonlyArray<() => Promise<unknown>>): Promise<void> {
  for (const stop of stops.toReversed()) await stop().catch(() => {});
}

async function start(
  options: TwinOptions,
  onStop: (stop: () => Promise<unknown>) => void,
): Promise<Omit<Twin, 'close'>> {
  const { log = () => {} } = options;
  const nowMs = (): number => Date.now();
  const startedAtMs = nowMs();
  const stacks = readAssembly(options.assemblyDir);
  const { resources, notices, ignored } = resolveAssembly(stacks);
  const { region = '', accountId = '' } = stacks[0] ?? {};
  const rules: EndpointRule[] = [];

  const cacheResource = resources.find(({ type }) => type === 'AWS::ElastiCache::ServerlessCache');
  const cache = cacheResource && (await startCache({ url: options.cacheUrl, embedded: options.embeddedCache }));
  if (cache) {
    onStop(() => cache.stop());
    rules.push(...cacheRules(resources, region, cache));
    log(cache.describe);
  }

  // Gateways, event sources and rotations invoke functions, and functions need the addresses of all others.
  let functions: Functions | undefined;
  const invoke: Invoke = (name, payload) => (functions ? functions.invoke(name, payload) : Promise.resolve(STARTING));
  const aws = await startAws({
    region,
    accountId,
    nowMs,
    log,
    invoke,
    invokeAsync: async (name, payload, principal) => {
      void invoke(name, payload, principal);
      return { ok: true };
    },
    database: undefined,
    principalOf: () => OWNER,
    authorize: () => {},
  });
  onStop(() => aws.close());
  rules.push({ deployed: queueBaseUrl(region), local: aws.url });
  await aws.provision(resources);
  log(`AWS endpoint: ${aws.url}`);
  const readSecret = readSecretFrom(aws);

  const requests = new RecentRequests();
  const onAccess = (entry: AccessEntry): void => {
    requests.add(entry);
    options.onRequest?.(entry);
  };
  const apis: RunningApi[] = [];
  for (const { api, own } of restApis(resources)) {
    const gateway = createGateway(own, { invoke, nowMs, region, accountId, onAccess });
    const url = await listen(gateway, apis.length === 0 ? options.port : 0);
    onStop(() => gateway.close());
    apis.push({ url, description: gateway });
    rules.push(...apiRules(api.physicalId, gateway.stage, region, url));
  }

  const rewrite = endpointRewrite(rules);
  functions = createFunctions(resources, {
    region,
    accountId,
    awsEndpointUrl: aws.url,
    localize: (variables) => rewrite(resolveDynamicReferences(variables, readSecret)),
    ...(options.onFunctionLine && { onLine: options.onFunctionLine }),
    ...(options.maxEnvironments !== undefined && { maxEnvironments: options.maxEnvironments }),
  });
  const running = functions;
  const eventSources = startEventSources(resources, {
    store: aws.kinesis,
    invoke,
    sendToQueue: async (queueArn, message) => {
      const QueueUrl = `${aws.url}/${accountId}/${queueArn.split(':').at(-1)}`;
      await aws.call('sqs', 'SendMessage', { QueueUrl, MessageBody: JSON.stringify(message) });
    },
    nowMs,
    log,
    region,
    accountId,
  });
  // Together: an event source waits for the batch in flight, which ends when its function does.
  onStop(() => Promise.all([eventSources.close(), running.close()]));
  await rotateAtOnce(resources, aws);

  const stage = options.stage ?? apis[0]?.description.stage ?? 'none';
  const cacheSentence = cache?.describe;
  const page = await startConsole(() =>
    takeSnapshot({
      stage,
      startedAtMs,
      nowMs,
      awsEndpointUrl: aws.url,
      cache: cacheSentence ?? 'no cache in this assembly',
      apis,
      resources,
      notices,
      functions: running,
      eventSources,
      kinesis: aws.kinesis,
      secrets: aws.secrets,
      callAws: aws.call,
      requests,
    }),
  );
  onStop(() => page.close());
  return {
    apiUrl: apis[0]?.url ?? '',
    apis,
    awsEndpointUrl: aws.url,
    consoleUrl: page.url,
    stage,
    cache: cacheSentence,
    notices,
    ignored,
    resources,
    functions: running,
  };
}

const STARTING = {
  ok: false,
  kind: 'failed',
  errorType: 'ServiceException',
  errorMessage: 'the twin is still starting',
} as const;

async function listen(gateway: Gateway, port: number): Promise<string> {
  return `http://127.0.0.1:${await gateway.listen(port)}`;
}

function cacheRules(resources: readonly ResolvedResource[], region: string, cache: Cache): EndpointRule[] {
  return resources
    .filter(({ type }) => type === 'AWS::ElastiCache::ServerlessCache')
    .map(({ stackName, logicalId, physicalId }) => ({
      deployed: `rediss://${cacheHost({ stackName, logicalId, region, name: physicalId })}:${CACHE_PORT}`,
      local: `redis://${cache.host}:${cache.port}`,
    }));
}

/** The API is served without the stage's name in the path, as behind a custom domain. */
function apiRules(apiId: string, stage: string, region: string, local: string): EndpointRule[] {
  const deployed = restApiBaseUrl(apiId, region);
  return [
    { deployed: `${deployed}/${stage}`, local },
    { deployed, local },
  ];
}

function readSecretFrom({ secrets }: Aws): (reference: SecretReference) => string {
  return ({ secretId, versionId, versionStage }) =>
    secrets.read(secrets.secret(secretId), { versionId, versionStage }).version.value ?? '';
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
