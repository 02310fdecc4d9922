import type { DomainEvent } from '../../lambdas/contract/events/domain-event.ts';

/** A view of a post, at a time in ms since the epoch. */
export function postViewed(id: string, atMs: number, postId: string): DomainEvent {
  return {
    specversion: '1.0',
    id,
    source: '/test',
    type: 'PostViewed',
    time: new Date(atMs).toISOString(),
    subject: postId,
    datacontenttype: 'application/json',
    data: { postId, viewerId: 'ada' },
  };
}

/** A post that was published, at a time in ms since the epoch. */
export function feedUpdated(id: string, atMs: number): DomainEvent {
  const time = new Date(atMs).toISOString();
  return {
    specversion: '1.0',
    id,
    source: '/test',
    type: 'FeedUpdated',
    time,
    subject: 'ada',
    datacontenttype: 'application/json',
    data: { postId: `post-of-${id}`, authorId: 'ada', createdAt: time },
  };
}
