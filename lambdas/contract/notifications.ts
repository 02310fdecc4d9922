import * as v from 'valibot';

export const Notification = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('id of the event that caused it')),
    type: v.literal('FeedUpdated'),
    authorId: v.string(),
    postId: v.string(),
    createdAt: v.pipe(v.string(), v.isoTimestamp()),
  }),
  v.title('Notification'),
);
export type Notification = v.InferOutput<typeof Notification>;

export const NotificationsPage = v.pipe(
  v.object({ items: v.array(Notification), nextCursor: v.optional(v.string()) }),
  v.title('NotificationsPage'),
);
export type NotificationsPage = v.InferOutput<typeof NotificationsPage>;
