// The same work taken by API Gateway itself, and by a service; each into a queue of its own that nobody works on.
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ActivityRequest } from '../../lambdas/contract/activity.ts';
import { JwtAuthorizer } from '../../lib/api/jwt-authorizer.ts';
import { Route } from '../../lib/api/route.ts';
import { ThrottledApi } from '../../lib/api/throttled-api.ts';
import { TokenIssuer } from '../../lib/api/token-issuer.ts';
import { UsageTier } from '../../lib/api/usage-tier.ts';
import { Cache } from '../../lib/data/cache.ts';
import { Network } from '../../lib/data/network.ts';

const handlersDirectory = join(import.meta.dirname, 'ingestion');
const app = new App();
const data = new Stack(app, 'IngestionData');
const direct = new Queue(data, 'Direct', { queueName: 'direct' });
const byFunction = new Queue(data, 'ByFunction', { queueName: 'by-function' });
const cache = new Cache(data, 'Cache', {
  network: new Network(data, 'Network'),
  usageLimits: { maxDataGigabytes: 1, maxEcpuPerSecond: 15_000 },
});

const service = new Stack(app, 'IngestionService');
const auth = new JwtAuthorizer(service, 'Authorizer', {
  issuers: [
    TokenIssuer.own({
      audience: 'ingestion',
      verificationKeys: new TableV2(data, 'Keys', {
        tableName: 'keys',
        partitionKey: { name: 'kid', type: AttributeType.STRING },
      }),
      accessTokenLifetime: Duration.minutes(15),
      refreshTokenLifetime: Duration.days(30),
    }),
  ],
  handlersDirectory,
});
// What is compared is how fast each is, so nothing holds either back.
const unlimited = { ratePerSecond: 10_000, burst: 5_000 };
const api = new ThrottledApi(service, 'Api', {
  stageName: 'bench',
  tiers: [UsageTier.of({ name: 'free', perUser: unlimited, plan: { throttle: unlimited } })],
  throttle: unlimited,
  auth,
  onStoreFailure: 'local',
});
const scope = 'activity:write';
const body = ActivityRequest;
api.addQueueRoutes('Direct', [
  Route.toQueue('POST', '/direct', { name: 'activity', queue: direct, maxAge: Duration.minutes(5) }, { scope, body }),
]);
const ingest = api.addService('Ingest', {
  handler: 'ingest',
  handlersDirectory,
  description: 'Sends what it is told to a queue',
  cache,
  routes: [Route.post('/by-function', { scope, body })],
});
byFunction.grantSendMessages(ingest);
ingest.addEnvironment('QUEUE_URL', byFunction.queueUrl);
app.synth();
