import * as v from 'valibot';

export const POST_TEXT_MAX_LENGTH = 1_000;
/** A home timeline is merged from the posts of everyone followed when it is read, so their number is bounded. */
export const FOLLOWS_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_LIMIT_MAX = 100;

export const CreatePostRequest = v.pipe(
  v.strictObject({ text: v.pipe(v.string(), v.minLength(1), v.maxLength(POST_TEXT_MAX_LENGTH), v.regex(/\S/)) }),
  v.title('CreatePostRequest'),
);
export type CreatePostRequest = v.InferOutput<typeof CreatePostRequest>;

export const Post = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('sortable by time of creation (ULID)')),
    authorId: v.string(),
    text: v.string(),
    createdAt: v.pipe(v.string(), v.isoTimestamp()),
  }),
  v.title('Post'),
);
export type Post = v.InferOutput<typeof Post>;

export const FeedPage = v.pipe(
  v.object({
    items: v.array(Post),
    nextCursor: v.optional(v.pipe(v.string(), v.description('opaque; absent on the last page'))),
  }),
  v.title('FeedPage'),
);
export type FeedPage = v.InferOutput<typeof FeedPage>;
