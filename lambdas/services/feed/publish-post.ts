import { decodeTime } from 'ulid';
import type { EventStream } from '../../adapters/event-stream.ts';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { PostsTable } from '../../adapters/posts-table.ts';
import type { FeedUpdated } from '../../contract/events/feed-updated.ts';
import type { Post } from '../../contract/feed.ts';
import { ServiceError } from '../../errors/service-error.ts';

export interface PublishPostDependencies {
  readonly posts: Pick<PostsTable, 'put' | 'remove'>;
  readonly events: EventStream;
  readonly nextId: IdGenerator;
  readonly logger: ServiceLogger;
}

/** The CloudEvents `source` of this service. */
const SOURCE = '/spillway/feed';

/**
 * Writes a post and puts `FeedUpdated` on the stream. If either fails for good, the post is removed again, and the answer
 * is 503 `post-not-published`: the caller may repeat the request and will not find the post twice.
 *
 * Two writes to two stores are not one. If the removal fails too, or the process dies between the two, a post stays that
 * no follower was told of; if the stream took the event and only its answer was lost, followers are told of a post that is
 * gone. An outbox, written in one transaction with the post, will close both gaps.
 */
export async function publishPost(
  { posts, events, nextId, logger }: PublishPostDependencies,
  { authorId, text, traceparent }: { authorId: string; text: string; traceparent: string | undefined },
): Promise<Post> {
  const id = nextId();
  // From the id rather than the clock, so that order of ids and order of times are one even if the clock steps back.
  const createdAt = new Date(decodeTime(id)).toISOString();
  const post: Post = { id, authorId, text, createdAt };
  try {
    await posts.put(post);
    await events.put(feedUpdated(post, traceparent), authorId);
  } catch (cause) {
    try {
      await posts.remove(post);
    } catch (error) {
      logger.error('a post could be neither published nor removed again', { postId: id, authorId, error });
    }
    throw new ServiceError('post-not-published', 'the post could not be published and was not kept; try again', {
      statusCode: 503,
      expose: true,
      headers: { 'Retry-After': '1' },
      cause,
    });
  }
  return post;
}

function feedUpdated({ id, authorId, createdAt }: Post, traceparent: string | undefined): FeedUpdated {
  return {
    specversion: '1.0',
    // Derived from the post, so that whoever publishes it again names the same event.
    id: `${id}.FeedUpdated`,
    source: SOURCE,
    type: 'FeedUpdated',
    time: createdAt,
    subject: authorId,
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data: { postId: id, authorId, createdAt },
  };
}
