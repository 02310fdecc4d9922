import { Duration } from 'aws-cdk-lib';
import { Env } from '../../../lambdas/contract/environment.ts';
import { CreatePostRequest, FeedPage, Post } from '../../../lambdas/contract/feed.ts';
import { PageQuery } from '../../../lambdas/contract/page-query.ts';
import { Idempotency, useIdempotency } from '../../api/idempotency.ts';
import { LimitBy } from '../../api/limit-by.ts';
import { RateLimit } from '../../api/rate-limit.ts';
import { Route } from '../../api/route.ts';
import type { ServiceContext } from './service-context.ts';

/** Posts, follows and timelines. */
export function addFeedService(context: ServiceContext): void {
  const { api } = context;
  const { cursorSecret, tables } = context.data;
  const feed = api.addService('Feed', {
    handler: 'feed',
    description: 'Publishes posts, keeps who follows whom, and reads timelines',
    ...context.functionOptions('feed'),
    routes: [
      Route.get('/api/feed', {
        scope: 'feed:read',
        summary: 'Read the home timeline, newest first',
        ...context.throttled('GET /api/feed'),
        query: PageQuery,
        responses: { 200: FeedPage },
        cacheFor: Duration.seconds(5),
      }),
      Route.post('/api/feed', {
        scope: 'feed:write',
        summary: 'Publish a post',
        ...context.throttled('POST /api/feed'),
        limits: [RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20 })],
        idempotency: Idempotency.optional(),
        body: CreatePostRequest,
        responses: { 201: Post },
      }),
      Route.put('/api/follows/{userId}', {
        scope: 'follows:write',
        summary: 'Follow somebody',
        ...context.throttled('PUT /api/follows/{userId}'),
        responses: { 204: Route.NO_BODY },
      }),
      Route.delete('/api/follows/{userId}', {
        scope: 'follows:write',
        summary: 'Unfollow somebody',
        ...context.throttled('DELETE /api/follows/{userId}'),
        responses: { 204: Route.NO_BODY },
      }),
    ],
  });
  feed.useTable(tables.posts, {
    environment: Env.POSTS_TABLE,
    actions: ['dynamodb:PutItem', 'dynamodb:Query'],
  });
  feed.useTable(tables.outbox, {
    environment: Env.OUTBOX_TABLE,
    actions: ['dynamodb:PutItem'],
  });
  useIdempotency(feed, tables.idempotency);
  feed.useTable(tables.follows, {
    environment: Env.FOLLOWS_TABLE,
    actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
  });
  feed.useSecret(cursorSecret, { environment: Env.CURSOR_SECRET, actions: ['secretsmanager:GetSecretValue'] });
}
