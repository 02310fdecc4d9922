import { CfnOutput, Duration, Size, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import { CreatePostRequest, FeedPage, Post } from '../../lambdas/contract/feed.ts';
import {
  JsonWebKeySet,
  LoginRequest,
  OpenIdConfiguration,
  RefreshRequest,
  SignupRequest,
  SignupResponse,
  TokenResponse,
} from '../../lambdas/contract/identity.ts';
import { NotificationsPage } from '../../lambdas/contract/notifications.ts';
import { PageQuery } from '../../lambdas/contract/page-query.ts';
import { Tables } from '../../lambdas/contract/tables.ts';
import { JwtAuthorizer } from '../api/jwt-authorizer.ts';
import { LimitBy, RateLimit } from '../api/rate-limit.ts';
import { Route } from '../api/route.ts';
import { ThrottledApi } from '../api/throttled-api.ts';
import { TokenIssuer } from '../api/token-issuer.ts';
import { StreamWorker } from '../messaging/stream-worker.ts';
import { AlarmTopic } from '../monitoring/alarm-topic.ts';
import { ApiAlarms } from '../monitoring/api-alarms.ts';
import { FunctionAlarms } from '../monitoring/function-alarms.ts';
import { StreamWorkerAlarms } from '../monitoring/stream-worker-alarms.ts';
import type { DataStack } from './data-stack.ts';
import { validateReservedConcurrency } from './reserved-concurrency.ts';
import { validateRouteThrottles } from './route-throttles.ts';
import type { RouteKey, StageProps } from './stage-props.ts';
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
    const { cache, cursorSecret, events, signingKey, tables } = data;
    const kept = { logRetention: stage.retention.logs, removalPolicy };
    const throttled = (key: RouteKey) => {
      const throttle = stage.routeThrottles[key];
      return throttle ? { throttle } : {};
    };

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
      ...kept,
    });

    const identity = api.addService('Identity', {
      handler: 'identity',
      description: 'Signs people up and in, and publishes the keys that verify its tokens',
      cache,
      // One whole core: a password hash takes 128 MB and half a second of it, and time is what is paid for.
      memory: Size.mebibytes(1_769),
      ...scaling.identity,
      ...kept,
      routes: [
        Route.post('/signup', {
          scope: Route.PUBLIC,
          summary: 'Sign up',
          ...throttled('POST /signup'),
          limits: [RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 5, burst: 20 })],
          body: SignupRequest,
          responses: { 201: SignupResponse },
        }),
        Route.post('/login', {
          scope: Route.PUBLIC,
          summary: 'Log in',
          ...throttled('POST /login'),
          limits: [RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 10, burst: 40 })],
          body: LoginRequest,
          responses: { 200: TokenResponse },
        }),
        Route.post('/token/refresh', {
          scope: Route.PUBLIC,
          summary: 'Exchange a refresh token for new tokens',
          ...throttled('POST /token/refresh'),
          limits: [RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 10, burst: 40 })],
          body: RefreshRequest,
          responses: { 200: TokenResponse },
        }),
        Route.get('/.well-known/jwks.json', {
          scope: Route.PUBLIC,
          summary: 'Read the keys that verify tokens',
          ...throttled('GET /.well-known/jwks.json'),
          responses: { 200: JsonWebKeySet },
        }),
        Route.get('/.well-known/openid-configuration', {
          scope: Route.PUBLIC,
          summary: 'Discover the issuer',
          ...throttled('GET /.well-known/openid-configuration'),
          responses: { 200: OpenIdConfiguration },
        }),
      ],
    });
    api.issueTokens(identity);
    identity.useTable(tables.accounts, {
      environment: Env.ACCOUNTS_TABLE,
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    });
    identity.useTable(tables.sessions, {
      environment: Env.SESSIONS_TABLE,
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    });
    identity.useTable(tables.verificationKeys, {
      environment: Env.VERIFICATION_KEYS_TABLE,
      actions: ['dynamodb:Scan'],
    });
    identity.useSecret(signingKey, {
      environment: Env.SIGNING_KEY_SECRET,
      actions: ['secretsmanager:GetSecretValue'],
    });

    const feed = api.addService('Feed', {
      handler: 'feed',
      description: 'Publishes posts, keeps who follows whom, and reads timelines',
      cache,
      ...scaling.feed,
      ...kept,
      routes: [
        Route.get('/api/feed', {
          scope: 'feed:read',
          summary: 'Read the home timeline, newest first',
          ...throttled('GET /api/feed'),
          query: PageQuery,
          responses: { 200: FeedPage },
          cacheFor: Duration.seconds(5),
        }),
        Route.post('/api/feed', {
          scope: 'feed:write',
          summary: 'Publish a post',
          ...throttled('POST /api/feed'),
          limits: [RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20 })],
          body: CreatePostRequest,
          responses: { 201: Post },
        }),
        Route.put('/api/follows/{userId}', {
          scope: 'follows:write',
          summary: 'Follow somebody',
          ...throttled('PUT /api/follows/{userId}'),
          responses: { 204: Route.NO_BODY },
        }),
        Route.delete('/api/follows/{userId}', {
          scope: 'follows:write',
          summary: 'Unfollow somebody',
          ...throttled('DELETE /api/follows/{userId}'),
          responses: { 204: Route.NO_BODY },
        }),
      ],
    });
    feed.useTable(tables.posts, {
      environment: Env.POSTS_TABLE,
      actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    });
    feed.useTable(tables.follows, {
      environment: Env.FOLLOWS_TABLE,
      actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    });
    feed.useStream(events.stream, { environment: Env.EVENT_STREAM, actions: ['kinesis:PutRecord'] });
    feed.useSecret(cursorSecret, { environment: Env.CURSOR_SECRET, actions: ['secretsmanager:GetSecretValue'] });

    const notifications = api.addService('Notifications', {
      handler: 'notifications',
      description: 'Reads notifications',
      cache,
      ...scaling.notifications,
      ...kept,
      routes: [
        Route.get('/api/notifications', {
          scope: 'notifications:read',
          summary: 'Read notifications, newest first',
          ...throttled('GET /api/notifications'),
          query: PageQuery,
          responses: { 200: NotificationsPage },
        }),
      ],
    });
    notifications.useTable(tables.notifications, {
      environment: Env.NOTIFICATIONS_TABLE,
      actions: ['dynamodb:Query'],
    });
    notifications.useSecret(cursorSecret, {
      environment: Env.CURSOR_SECRET,
      actions: ['secretsmanager:GetSecretValue'],
    });

    // New services go above this line (docs/add-a-service.md).
    validateRouteThrottles(stage.routeThrottles, api.routes, this);

    const worker = new StreamWorker(this, 'NotificationsWorker', {
      handler: 'workers/notifications',
      description: 'Writes one notification per follower of whoever published something',
      source: events,
      timeout: Duration.seconds(60),
      ...scaling.notificationsWorker,
      ...kept,
    });
    worker.function.useTable(tables.follows, {
      environment: Env.FOLLOWS_TABLE,
      actions: ['dynamodb:Query'],
      indexes: [Tables.follows.byFollowee.indexName],
    });
    worker.function.useTable(tables.notifications, {
      environment: Env.NOTIFICATIONS_TABLE,
      actions: ['dynamodb:PutItem'],
    });

    const action = new AlarmTopic(this, 'Alarms', stage.alarmEmail === undefined ? {} : { email: stage.alarmEmail });
    new ApiAlarms(this, 'ApiAlarms', { restApi: api.restApi, stageName, action });
    new StreamWorkerAlarms(this, 'NotificationsWorkerAlarms', { worker, action });
    const functions = {
      ...Object.fromEntries(api.services),
      Authorizer: auth.function,
      NotificationsWorker: worker.function,
      RotateSigningKey: data.rotateSigningKey,
    };
    for (const [name, target] of Object.entries(functions)) {
      new FunctionAlarms(this, `${name}FunctionAlarms`, { function: target, action });
    }

    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Base URL of the API' });
    new CfnOutput(this, 'Stage', { value: stageName, description: 'Stage of these stacks' });
    new CfnOutput(this, 'Tiers', { value: tierTable(tiers), description: 'What each tier may do' });
    this.api = api;
    this.alarmTopic = action;
  }
}
