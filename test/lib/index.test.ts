import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, it } from 'vitest';
import * as spillway from '../../lib/index.ts';
import { CONTROLLER_HANDLERS, FIXTURE_HANDLERS } from '../support/flagged-app.ts';

/** What somebody writes who has an issuer, handlers and scopes of their own, and nothing of ours but `lib/index.ts`. */
class OrdersStack extends Stack {
  readonly api: spillway.ThrottledApi;

  constructor(app: App) {
    super(app, 'Orders');
    const handlersDirectory = FIXTURE_HANDLERS;
    const network = new spillway.Network(this, 'Network', { egress: spillway.NetworkEgress.interfaceEndpoints() });
    const cache = new spillway.Cache(this, 'Cache', {
      network,
      usageLimits: { maxDataGigabytes: 1, maxEcpuPerSecond: 1_000 },
    });
    const events = new spillway.EventStream(this, 'Events', { removalPolicy: RemovalPolicy.DESTROY });
    const issuer: spillway.OutsideIssuerProps = {
      issuer: 'https://id.example.com',
      audience: 'orders',
      jwksUri: 'https://id.example.com/jwks.json',
      algorithms: ['RS256'],
    };
    const auth = new spillway.JwtAuthorizer(this, 'Auth', {
      issuers: [spillway.TokenIssuer.outside(issuer)],
      handlersDirectory,
    });
    const throttle: spillway.Throttle = { ratePerSecond: 100, burst: 200 };
    this.api = new spillway.ThrottledApi(this, 'Api', {
      stageName: 'live',
      tiers: [spillway.UsageTier.free(), spillway.UsageTier.closed('suspended')],
      throttle,
      auth,
      onStoreFailure: 'local',
      scopes: { 'orders:read': 'Read orders' },
      setAccountLogRole: false,
    });
    const orders = this.api.addService('Orders', {
      handler: 'echo',
      handlersDirectory,
      cache,
      parkedMax: 100,
      routes: [
        spillway.Route.get('/orders/{orderId}', {
          scope: 'orders:read',
          summary: 'Read an order',
          limits: [spillway.RateLimit.tokenBucket({ by: spillway.LimitBy.USER, ratePerSecond: 5, burst: 10 })],
          cacheFor: Duration.seconds(2),
        }),
        spillway.Route.post('/orders', {
          scope: 'orders:read',
          summary: 'Order, now or within five minutes',
          priority: spillway.Priority.SHEDDABLE_PLUS,
          whenOverloaded: spillway.Park.for(Duration.minutes(5)),
        }),
      ],
    });
    orders.useStream(events.stream, { environment: 'EVENTS', actions: ['kinesis:PutRecord'] });
    const worker = new spillway.StreamWorker(this, 'Worker', {
      handler: 'workers/echo',
      handlersDirectory,
      description: 'Consumes orders',
      source: events,
    });
    const action = new spillway.AlarmTopic(this, 'Alarms', { email: 'ops@example.com' });
    new spillway.ApiAlarms(this, 'ApiAlarms', { restApi: this.api.restApi, stageName: 'live', action });
    new spillway.FunctionAlarms(this, 'OrdersAlarms', { function: orders, action });
    new spillway.StreamWorkerAlarms(this, 'WorkerAlarms', { worker, action });
    const parked = new TableV2(this, 'Parked', { partitionKey: { name: 'parkedId', type: AttributeType.STRING } });
    const parking = new spillway.ParkingLot(this, 'Parking', { service: orders, table: parked });
    new spillway.ParkingLotAlarms(this, 'ParkingAlarms', { parking, action });
    new spillway.AdmissionController(this, 'Controller', {
      api: this.api,
      cache,
      signals: [
        spillway.LoadSignal.worker(worker, { maxAge: Duration.minutes(2) }),
        spillway.LoadSignal.account({ concurrency: 1_000 }),
      ],
      action,
      handlersDirectory: CONTROLLER_HANDLERS,
    });
  }
}

describe('lib/index.ts', () => {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  const stack = new OrdersStack(app);
  const template = Template.fromStack(stack);

  it('has all that an app of its own needs: an outside issuer, own handlers and scopes, parking and a controller', () => {
    template.resourceCountIs('AWS::Lambda::Function', 4);
    template.resourcePropertiesCountIs('AWS::ApiGateway::Authorizer', { Type: 'REQUEST' }, 1);
    template.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
    template.resourceCountIs('AWS::SQS::Queue', 4);
    template.resourceCountIs('AWS::SSM::Parameter', 1);
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    expect(stack.api.openApiDocument().paths).toHaveProperty('/orders/{orderId}');
  });

  it('puts no output into a stack of somebody else', () => {
    expect(template.findOutputs('*')).toEqual({});
  });

  it('fails with an error that it exports', () => {
    expect(() => spillway.UsageTier.closed('No')).toThrow(spillway.SpillwayError);
  });
});
