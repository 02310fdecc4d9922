import type { Account, AccountsTable } from '../../lambdas/adapters/accounts-table.ts';
import type { FollowsTable } from '../../lambdas/adapters/follows-table.ts';
import type { PublishedKey } from '../../lambdas/adapters/key-source.ts';
import { type NotificationsTable, notificationKey } from '../../lambdas/adapters/notifications-table.ts';
import type { AddressedNotification, NotificationsWriter } from '../../lambdas/adapters/notifications-writer.ts';
import type { PostsQuery, PostsTable, PostToPublish } from '../../lambdas/adapters/posts-table.ts';
import type { Session, SessionsTable } from '../../lambdas/adapters/sessions-table.ts';
import type { Tenant, TenantsTable } from '../../lambdas/adapters/tenants-table.ts';
import type { VerificationKeysPublisher } from '../../lambdas/adapters/verification-keys-publisher.ts';
import type { Post } from '../../lambdas/contract/feed.ts';
import type { Notification } from '../../lambdas/contract/notifications.ts';

/** The tables in memory, for tests of logic. Each operation is one turn, and so as atomic as DynamoDB's. */

export class MemoryAccounts implements AccountsTable {
  readonly items = new Map<string, Account>();
  async find(email: string) {
    return this.items.get(email);
  }
  async claim(account: Account) {
    if (this.items.has(account.email)) return false;
    this.items.set(account.email, account);
    return true;
  }
  async joinTenant(email: string, tenantId: string) {
    return this.#update(email, { tenantId });
  }
  async setAdministrator(email: string, administrator: boolean) {
    return this.#update(email, { administrator });
  }
  #update(email: string, change: Partial<Account>) {
    const account = this.items.get(email);
    if (account !== undefined) this.items.set(email, { ...account, ...change });
    return account !== undefined;
  }
}

export class MemoryTenants implements TenantsTable {
  /** By the digest of the name, which ids begin with. */
  readonly items = new Map<string, Tenant>();
  async find(tenantId: string) {
    const tenant = this.items.get(tenantId.slice(0, 20));
    return tenant?.tenantId === tenantId ? tenant : undefined;
  }
  async claim(tenant: Tenant) {
    const digest = tenant.tenantId.slice(0, 20);
    const owner = this.items.get(digest) ?? tenant;
    this.items.set(digest, owner);
    return owner;
  }
  async activate(tenantId: string, keyId: string) {
    const tenant = await this.find(tenantId);
    if (tenant === undefined || tenant.state === 'deleting') return false;
    this.items.set(tenantId.slice(0, 20), { ...tenant, state: 'active', keyId });
    return true;
  }
  async startDeletion(tenantId: string) {
    const tenant = await this.find(tenantId);
    if (tenant !== undefined) this.items.set(tenantId.slice(0, 20), { ...tenant, state: 'deleting' });
    return tenant !== undefined;
  }
  async remove(tenantId: string) {
    if ((await this.find(tenantId))?.state === 'deleting') this.items.delete(tenantId.slice(0, 20));
  }
}

export class MemorySessions implements SessionsTable {
  readonly items = new Map<string, Session>();
  async create(session: Session) {
    this.items.set(session.familyId, session);
  }
  async find(familyId: string) {
    return this.items.get(familyId);
  }
  async rotate({ familyId, fromHash, toHash, nowSeconds }: Parameters<SessionsTable['rotate']>[0]) {
    const session = this.items.get(familyId);
    if (session?.secretHash !== fromHash || session.revokedAt !== undefined || session.expiresAt <= nowSeconds) {
      return false;
    }
    this.items.set(familyId, { ...session, secretHash: toHash });
    return true;
  }
  async revoke(familyId: string, revokedAt: string) {
    const session = this.items.get(familyId);
    if (session !== undefined) this.items.set(familyId, { revokedAt, ...session });
  }
}

export class MemoryVerificationKeys implements VerificationKeysPublisher {
  readonly items = new Map<string, PublishedKey>();
  async load() {
    return [...this.items.values()];
  }
  async publish(key: PublishedKey) {
    if (!this.items.has(key.kid)) this.items.set(key.kid, key);
  }
  async expire(kid: string, expiresAtSeconds: number) {
    const key = this.items.get(kid);
    if (key !== undefined) this.items.set(kid, { expiresAtSeconds, ...key });
  }
}

export class MemoryPosts implements PostsTable {
  readonly items: Post[] = [];
  /** What went into the outbox, and what else was written with it. */
  readonly outbox: Omit<PostToPublish, 'post'>[] = [];
  readonly queries: (PostsQuery & { readonly authorId: string })[] = [];
  async publish({ post, event, alongside }: PostToPublish) {
    const earlier = this.outbox.find((entry) => entry.event.id === event.id && entry.event.subject === event.subject);
    if (earlier !== undefined) return this.items.find(({ id }) => id === earlier.event.data.postId);
    this.items.push(post);
    this.outbox.push({ event, alongside });
    return undefined;
  }
  async newestOf(authorId: string, query: PostsQuery) {
    this.queries.push({ authorId, ...query });
    const { before, maxItems } = query;
    return this.items
      .filter((post) => post.authorId === authorId && (before === undefined || post.id < before))
      .sort(descendingBy((post) => post.id))
      .slice(0, maxItems);
  }
}

export class MemoryFollows implements FollowsTable {
  /** Follower → followees. */
  readonly items = new Map<string, Set<string>>();
  /** Followers on a page. */
  pageSize = 2;
  add(followerId: string, ...followeeIds: string[]) {
    this.items.set(followerId, new Set([...(this.items.get(followerId) ?? []), ...followeeIds]));
  }
  async put({ followerId, followeeId }: { followerId: string; followeeId: string }) {
    this.add(followerId, followeeId);
  }
  async remove({ followerId, followeeId }: { followerId: string; followeeId: string }) {
    this.items.get(followerId)?.delete(followeeId);
  }
  async followeesOf(followerId: string) {
    return [...(this.items.get(followerId) ?? [])];
  }
  async *followersOf(followeeId: string) {
    const followers = [...this.items.keys()].filter((follower) => this.items.get(follower)?.has(followeeId)).sort();
    for (let at = 0; at < followers.length; at += this.pageSize) yield followers.slice(at, at + this.pageSize);
  }
}

export class MemoryNotifications implements NotificationsTable, NotificationsWriter {
  /** In order of writing; a second write of one key would show as a second entry. */
  readonly items: (Notification & { readonly recipientId: string })[] = [];
  async putAll(notifications: readonly AddressedNotification[], _signal?: AbortSignal) {
    for (const { recipientId, notification } of notifications) this.add(recipientId, notification);
  }
  add(recipientId: string, notification: Notification) {
    const key = notificationKey(notification);
    if (this.items.some((item) => item.recipientId === recipientId && notificationKey(item) === key)) return;
    this.items.push({ recipientId, ...notification });
  }
  async newestOf(recipientId: string, { before, maxItems }: { before?: string | undefined; maxItems: number }) {
    return this.items
      .filter((item) => item.recipientId === recipientId && (before === undefined || notificationKey(item) < before))
      .sort(descendingBy(notificationKey))
      .slice(0, maxItems)
      .map(({ recipientId: _, ...notification }) => notification);
  }
}

function descendingBy<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? 1 : -1);
}
