import type { FollowsTable } from '../../adapters/follows-table.ts';
import type { PageCursors } from '../../adapters/page-cursor.ts';
import type { PostsTable } from '../../adapters/posts-table.ts';
import { CreatePostRequest, type FeedPage, type Post } from '../../contract/feed.ts';
import { readPageRequest, toPage } from '../../middleware/page-request.ts';
import { parseOrReject } from '../../middleware/parse.ts';
import { requireCaller } from '../../middleware/require-caller.ts';
import type { RouteHandler, RouteReply } from '../../middleware/route-request.ts';
import { type FollowDependencies, follow } from './follow.ts';
import { type PublishPostDependencies, publishPost } from './publish-post.ts';
import { readTimeline } from './read-timeline.ts';
import { requireUserId } from './user-id.ts';

export interface FeedDependencies extends PublishPostDependencies, FollowDependencies {
  readonly posts: PostsTable;
  readonly follows: FollowsTable;
  readonly cursors: PageCursors;
}

const TIMELINE = 'GET /api/feed';

/** What the feed service answers on each of its routes. */
export function feedRoutes(dependencies: FeedDependencies): Readonly<Record<string, RouteHandler>> {
  const { follows, cursors } = dependencies;
  return {
    [TIMELINE]: async (request) => {
      const { sub } = requireCaller(request);
      const scope = { sub, route: TIMELINE };
      const { limit, before } = await readPageRequest(cursors, scope, request.query);
      const posts = await readTimeline(dependencies, { callerId: sub, before, maxItems: limit + 1 });
      const page: FeedPage = await toPage(cursors, scope, posts, { limit, positionOf: (post: Post) => post.id });
      return { statusCode: 200, body: page };
    },
    'POST /api/feed': async (request) => {
      const { sub } = requireCaller(request);
      const { text } = parseOrReject(CreatePostRequest, request.body);
      const { effectId, traceparent, completion } = request;
      let reply: RouteReply | undefined;
      const { post, isNew } = await publishPost(
        dependencies,
        { effectId, authorId: sub, text, traceparent },
        (written) => {
          reply = created(written);
          return completion === undefined ? [] : [completion(reply)];
        },
      );
      // The very answer that was kept with the post, or one that was not.
      return isNew && reply !== undefined ? reply : created(post);
    },
    'PUT /api/follows/{userId}': async (request) => {
      const { sub } = requireCaller(request);
      await follow(dependencies, { followerId: sub, followeeId: requireUserId(request.path.userId) });
      return { statusCode: 204 };
    },
    'DELETE /api/follows/{userId}': async (request) => {
      const { sub } = requireCaller(request);
      await follows.remove({ followerId: sub, followeeId: requireUserId(request.path.userId) });
      return { statusCode: 204 };
    },
  };
}

function created(post: Post): RouteReply {
  return { statusCode: 201, headers: { Location: `/api/feed/${post.id}` }, body: post };
}
