import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AdmissionController } from '../admission/admission-controller.ts';
import { JwtAuthorizer } from '../api/jwt-authorizer.ts';
import { ThrottledApi } from '../api/throttled-api.ts';
import { TokenIssuer } from '../api/token-issuer.ts';
import { OutboxRelay } from '../messaging/outbox-relay.ts';
import { AdmissionAlarms } from '../monitoring/admission-alarms.ts';
import { AlarmTopic } from '../monitoring/alarm-topic.ts';
import { ApiAlarms } from '../monitoring/api-alarms.ts';
import { FunctionAlarms } from '../monitoring/function-alarms.ts';
import type { DataStack } from './data-stack.ts';
import { loadSignals } from './load-signals.ts';
import { addMessagingAlarms } from './messaging-alarms.ts';
import { validateReservedConcurrency } from './reserved-concurrency.ts';
import { validateRouteThrottles } from './route-throttles.ts';
import { addActivity, addAnalyticsService } from './services/analytics-service.ts';
import { addDrillService } from './services/drill-service.ts';
import { addFeedService } from './services/feed-service.ts';
import { addIdentityService } from './services/identity-service.ts';
import { addLimitsService } from './services/limits-service.ts';
import { addNotificationsService } from './services/notifications-service.ts';
import { addParkedService } from './services/parked-service.ts';
import { createServiceContext } from './services/service-context.ts';
import { addTenantsService } from './services/tenants-service.ts';
import { addVideoService } from './services/video-service.ts';
import type { StageProps } from './stage-props.ts';
import { tierTable } from './tier-table.ts';

/** The `aud` of our own tokens. */
const AUDIENCE = 'spillway';

export interface ServiceStackProps extends StackProps {
  readonly stageName: string;
  readonly stage: StageProps;
  /** The stack with the state. */
  readonly data: DataStack;
}

/** What has no state, and can be deployed and thrown away at will: the API, its services, the worker and the alarms. */
export class ServiceStack extends Stack {
  readonly api: ThrottledApi;
  readonly alarmTopic: AlarmTopic;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    const { stage, stageName, data, ...stackProps } = props;
    super(scope, id, {
      ...stackProps,
      description: stackProps.description ?? `Spillway ${stageName}: API, services, worker and alarms`,
    });
    validateReservedConcurrency(stage, this);
    const { removalPolicy, scaling, tokens, tiers } = stage;
    const { tables } = data;
    const kept = { logRetention: stage.retention.logs, removalPolicy };

    const auth = new JwtAuthorizer(this, 'Authorizer', {
      issuers: [
        TokenIssuer.own({
          audience: AUDIENCE,
          verificationKeys: tables.verificationKeys,
          accessTokenLifetime: tokens.accessTokenLifetime,
          refreshTokenLifetime: tokens.refreshTokenLifetime,
        }),
      ],
      ...scaling.authorizer,
      ...kept,
    });

    const api = new ThrottledApi(this, 'Api', {
      stageName,
      tiers,
      throttle: stage.throttle,
      auth,
      onStoreFailure: stage.onStoreFailure,
      ...(stage.storeTimeout && { storeTimeout: stage.storeTimeout }),
      ...(stage.admissionShards !== undefined && { admissionShards: stage.admissionShards }),
      ...kept,
    });

    const action = new AlarmTopic(this, 'Alarms', stage.alarmEmail === undefined ? {} : { email: stage.alarmEmail });
    const context = createServiceContext({ api, data, stage, action });
    addIdentityService(context);
    addFeedService(context);
    const notifications = addNotificationsService(context);
    const analytics = addAnalyticsService(context);
    const activity = addActivity(context);
    const video = addVideoService(context);
    addLimitsService(context);
    addParkedService(context);
    addTenantsService(context);
    if (stage.drill) addDrillService(context);
    // New services go above this line (docs/add-a-service.md).
    validateRouteThrottles(stage.routeThrottles, api.routes, this);

    // API Gateway puts the other into its queue, and nobody else does.
    const { activity: _, ...handledWork } = data.work;
    const relay = new OutboxRelay(this, 'OutboxRelay', {
      outbox: tables.outbox,
      events: data.events,
      queues: Object.values(handledWork),
      failedRecords: context.failedRecords,
      ...context.workerOptions('outboxRelay'),
    });

    const controller = new AdmissionController(this, 'AdmissionController', {
      api,
      cache: data.cache,
      signals: loadSignals(stage, { api, worker: notifications }),
      action,
      ...kept,
    });
    new ApiAlarms(this, 'ApiAlarms', { restApi: api.restApi, stageName, action });
    new AdmissionAlarms(this, 'AdmissionAlarms', { api, cache: data.cache, action });
    const streamWorkers = { NotificationsWorker: notifications, AnalyticsWorker: analytics };
    addMessagingAlarms(this, { relay, streamWorkers }, data, action);
    const functions = {
      ...Object.fromEntries(api.services),
      Authorizer: auth.function,
      NotificationsWorker: notifications.function,
      AnalyticsWorker: analytics.function,
      ActivityWorker: activity.function,
      VideoWorker: video.function,
      OutboxRelay: relay.worker.function,
      AdmissionController: controller.function,
      RotateSigningKey: data.rotateSigningKey,
    };
    for (const [name, target] of Object.entries(functions)) {
      new FunctionAlarms(this, `${name}FunctionAlarms`, { function: target, action });
    }

    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Base URL of the API' });
    new CfnOutput(this, 'Stage', { value: stageName, description: 'Stage of these stacks' });
    new CfnOutput(this, 'Levers', {
      value: controller.levers.parameterName,
      description: 'Parameter with the levers that operators set by hand',
    });
    new CfnOutput(this, 'Tiers', { value: tierTable(tiers), description: 'What each tier may do' });
    this.api = api;
    this.alarmTopic = action;
  }
}
