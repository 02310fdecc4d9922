/**
 * Key schemas of the tables, shared by the constructs that create them and the adapters that use them. One table per
 * aggregate, with only the indexes that an access pattern needs.
 */
export const Tables = {
  /** Accounts by e-mail address, normalized to lower case: sign-up claims the address with a conditional put. */
  accounts: { partitionKey: 'email' },
  /** Refresh token families; `expiresAt` (seconds) is the TTL attribute. */
  sessions: { partitionKey: 'familyId', ttl: 'expiresAt' },
  /** Public keys that verify our tokens; `expiresAt` (seconds, absent on the current key) is the TTL attribute. */
  verificationKeys: { partitionKey: 'kid', ttl: 'expiresAt' },
  /** Tenants by a digest of their name: creating one claims the name with a conditional put. */
  tenants: { partitionKey: 'nameDigest' },
  /** Posts by author, in order of time. */
  posts: { partitionKey: 'authorId', sortKey: 'postId' },
  /** Whom a follower follows; the index answers who follows somebody. */
  follows: {
    partitionKey: 'followerId',
    sortKey: 'followeeId',
    byFollowee: { indexName: 'byFollowee', partitionKey: 'followeeId', sortKey: 'followerId' },
  },
  /** Notifications by recipient in order of time; the key holds the event id, so a redelivered event writes nothing new. */
  notifications: { partitionKey: 'recipientId', sortKey: 'notificationId', ttl: 'expiresAt' },
  /** Requests that wait until the load falls, and what became of them; `expiresAt` (seconds) is the TTL attribute. */
  parked: { partitionKey: 'parkedId', ttl: 'expiresAt' },
  /**
   * Events and work that were accepted and wait to be published, written in one transaction with what they tell of; the
   * table's stream is what publishes them. `expiresAt` (seconds) is the TTL attribute.
   */
  outbox: { partitionKey: 'aggregate', sortKey: 'entryId', ttl: 'expiresAt' },
  /** Answers to requests with an `Idempotency-Key`; attributes are those of Powertools, `expiration` (seconds) its TTL. */
  idempotency: { partitionKey: 'id', ttl: 'expiration' },
  /** Videos, and how far work on them has come; `expiresAt` (seconds, absent while there is something to keep) is the TTL attribute. */
  videos: { partitionKey: 'videoId', ttl: 'expiresAt' },
  /** Counts by period, and which events they contain already; `expiresAt` (seconds) is the TTL attribute. */
  analytics: {
    partitionKey: 'period',
    sortKey: 'entry',
    ttl: 'expiresAt',
    /** Posts of a day, those with the most views last; `views` is a number, and only posts have it. */
    byViews: { indexName: 'byViews', partitionKey: 'period', sortKey: 'views' },
  },
  /** What the drill service keeps: orders by owner and the effect's id, and how its dependency is set. */
  drill: { partitionKey: 'kind', sortKey: 'id', ttl: 'expiresAt' },
} as const;
