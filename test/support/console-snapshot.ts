import type { ApiView } from '../../local/twin/console/api-view.ts';
import type { Snapshot } from '../../local/twin/console/snapshot.ts';

const FEED_COUNTS = { requests: 5, throttled: 1, refused: 0, failed: 0, meanMs: 12.5 };

const restApi: ApiView = {
  kind: 'REST',
  name: 'Api',
  stages: ['dev'],
  addresses: ['http://127.0.0.1:3000'],
  account: { ratePerSecond: 10_000, burst: 5_000 },
  connections: undefined,
  routes: [
    {
      method: 'GET',
      path: '/api/feed',
      authorizer: 'Authorizer/Verify',
      apiKeyRequired: true,
      throttle: { ratePerSecond: 50, burst: 100 },
      target: 'Api/Feed',
      counts: FEED_COUNTS,
    },
  ],
  plans: [
    {
      name: 'Stack-free',
      label: 'free',
      throttle: { ratePerSecond: 100, burst: 200 },
      methodThrottles: [{ route: 'GET /api/feed', throttle: { ratePerSecond: 0.5, burst: 1 } }],
      quota: { limit: 10_000, period: 'DAY' },
      keys: 3,
    },
  ],
};

const webSocketApi: ApiView = {
  kind: 'WebSocket',
  name: 'Chat',
  stages: ['live'],
  addresses: ['ws://127.0.0.1:3001/live'],
  account: undefined,
  connections: 2,
  routes: [
    {
      method: 'WS',
      path: '$connect',
      authorizer: undefined,
      apiKeyRequired: false,
      throttle: undefined,
      target: 'Chat/Join',
      counts: undefined,
    },
  ],
  plans: [],
};

/** A snapshot with one of everything, of which a test changes what it is about. */
export function consoleSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    stage: 'dev',
    startedAtMs: 0,
    nowMs: 1_000,
    awsEndpointUrl: 'http://127.0.0.1:4000',
    region: 'us-east-1',
    cache: 'cache: the embedded server on 127.0.0.1:6000',
    iam: {
      mode: 'enforce',
      denied: [{ message: 'User: feed is not authorized to perform: dynamodb:PutItem', count: 3 }],
      unused: [{ role: 'Feed/Role', policy: 'p', action: 'dynamodb:Scan', resource: 'arn:table' }],
    },
    apis: [restApi, webSocketApi],
    functions: [
      {
        name: 'Stack-Feed-X',
        label: 'Api/Feed',
        environments: 2,
        busy: 1,
        waiting: 0,
        invocations: 17,
        failures: 1,
        throttles: 4,
        lastMs: 12.3,
        timeoutSeconds: 10,
        memoryMegabytes: 512,
        reservedConcurrency: undefined,
        lastError: { text: 'TypeError: no <b>', atMs: 0 },
      },
    ],
    log: { name: 'Stack-Feed-X', lines: [{ source: 'stdout', text: '<img src=x onerror=alert(1)>', atMs: 0 }] },
    queues: [
      {
        name: 'dead',
        label: 'DeadLetters',
        url: 'http://127.0.0.1:4000/000000000000/dead',
        visible: 7,
        delayed: 0,
        inFlight: 0,
        takesDeadLetters: true,
        deadLetterQueue: undefined,
        maxReceives: undefined,
      },
    ],
    eventSources: [{ kind: 'stream', source: 'Events', target: 'Worker', backlog: 31 }],
    tables: [{ name: 'Stack-Posts-X', label: 'Tables/Posts', items: 5 }],
    streams: [{ name: 'Stack-Events-X', label: 'Events', shards: 4, records: 7 }],
    topics: [{ name: 't', label: 'News', subscriptions: [{ protocol: 'sqs', endpoint: 'Inbox', isFiltered: true }] }],
    rules: [
      {
        label: 'Beat',
        bus: 'default',
        when: 'rate(1 minute)',
        isEnabled: false,
        nextMs: undefined,
        targets: ['Worker'],
      },
    ],
    parameters: [{ name: '/greeting', type: 'String', version: 2, changedMs: 0, value: 'hello' }],
    secrets: [{ name: 'SigningKey', lastRotatedMs: 0, nextRotationMs: undefined, isRotating: true }],
    keys: [
      {
        label: 'Cipher',
        aliases: ['alias/app'],
        spec: 'SYMMETRIC_DEFAULT',
        usage: 'ENCRYPT_DECRYPT',
        state: 'enabled',
      },
    ],
    metrics: [
      { namespace: 'Feed', name: 'Posts', dimensions: 'a=b', unit: 'Count', count: 4, sum: 10, min: 1, max: 4 },
    ],
    moreMetrics: 0,
    statusCounts: { 200: 4, 429: 1 },
    requests: [
      {
        requestId: 'r',
        startedAtMs: 0,
        method: 'GET',
        path: '/api/feed',
        route: 'GET /api/feed',
        status: 429,
        latencyMs: 2,
        authorizerLatencyMs: 0,
        integrationLatencyMs: undefined,
        principalId: 'ada',
        plan: 'Stack-free',
        refusal: {
          responseType: 'THROTTLED',
          reason: "usage plan 'Stack-free' throttles: 100 requests/s, burst 200",
          throttle: { level: 'plan-client', limit: '100 requests/s, burst 200' },
        },
      },
    ],
    unserved: [],
    reasons: [{ status: 429, responseType: undefined, reason: 'the service answered 429', count: 9, lastMs: 0 }],
    notices: [{ type: 'AWS::CloudWatch::Alarm', count: 16 }],
    ignored: ["AWS::SQS::Queue 'Q': Colour is ignored"],
    ...changes,
  };
}
