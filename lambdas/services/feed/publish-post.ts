import { decodeTime } from 'ulid';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import type { TransactionItem } from '../../adapters/outbox.ts';
import type { PostsTable } from '../../adapters/posts-table.ts';
import type { FeedUpdated } from '../../contract/events/feed-updated.ts';
import type { Post } from '../../contract/feed.ts';
import { ServiceError } from '../../errors/service-error.ts';

export interface PublishPostDependencies {
  readonly posts: Pick<PostsTable, 'publish'>;
  readonly nextId: IdGenerator;
}

/** What somebody has to say. */
export interface PostDraft {
  /** Names the effect: published under it again, the post is the one that is there. */
  readonly effectId: string;
  readonly authorId: string;
  readonly text: string;
  readonly traceparent: string | undefined;
}

/** The CloudEvents `source` of this service. */
const SOURCE = '/spillway/feed';

/**
 * Writes a post and, in the same transaction, the event that tells of it; the outbox publishes that. Answers the post and
 * whether it was written now, or under the same `effectId` before.
 *
 * A post's id holds the time, and so is another one with each attempt. It is the event that is named after the effect, and
 * that there can be only one of, and the post is the one that this tells of.
 *
 * Rejects with 503 `post-not-published` where the transaction failed, or nobody knows: whoever repeats the request under
 * its effect gets the post that was written, or has it written.
 * @param alongside what else the transaction writes, given the post.
 */
export async function publishPost(
  { posts, nextId }: PublishPostDependencies,
  { effectId, authorId, text, traceparent }: PostDraft,
  alongside: (post: Post) => readonly TransactionItem[] = () => [],
): Promise<{ readonly post: Post; readonly isNew: boolean }> {
  const id = nextId();
  // From the id rather than the clock, so that order of ids and order of times are one even if the clock steps back.
  const createdAt = new Date(decodeTime(id)).toISOString();
  const post: Post = { id, authorId, text, createdAt };
  try {
    const event = feedUpdated(post, effectId, traceparent);
    const earlier = await posts.publish({ post, event, alongside: alongside(post) });
    return { post: earlier ?? post, isNew: earlier === undefined };
  } catch (cause) {
    const message = 'the post could not be published; try again, and with an Idempotency-Key it is never there twice';
    throw new ServiceError('post-not-published', message, {
      statusCode: 503,
      expose: true,
      headers: { 'Retry-After': '1' },
      cause,
    });
  }
}

function feedUpdated(
  { id, authorId, createdAt }: Post,
  effectId: string,
  traceparent: string | undefined,
): FeedUpdated {
  return {
    specversion: '1.0',
    id: `${effectId}.FeedUpdated`,
    source: SOURCE,
    type: 'FeedUpdated',
    time: createdAt,
    subject: authorId,
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data: { postId: id, authorId, createdAt },
  };
}
