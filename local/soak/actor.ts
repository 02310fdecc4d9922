import type { Person } from '../demo/api-client.ts';
import { type FollowState, fateOf, type SentPost } from './ledger.ts';
import { pickOne, type Random } from './seeded-random.ts';

/** What actors write down. */
export interface SoakRecord {
  readonly sent: SentPost[];
  /** `follower followee` → the last state that the follower asked for. */
  readonly follows: Map<string, FollowState>;
  /** Status → answers; 0 where none came. */
  readonly statuses: Map<number, number>;
}

export interface ActorOptions {
  readonly person: Person;
  /** Whom this actor follows and stops following; nobody of them posts. */
  readonly strangers: readonly string[];
  readonly record: SoakRecord;
  readonly random: Random;
}

/** What an actor does, below which draw from [0, 1). */
const MIX = [
  { below: 0.25, act: 'post' },
  { below: 0.6, act: 'read-feed' },
  { below: 0.85, act: 'read-notifications' },
  { below: 1, act: 'follow' },
] as const;

/** One person who does one thing after the other; each waits for the answer, as a person does. */
export class Actor {
  readonly #options: ActorOptions;
  #posts = 0;

  constructor(options: ActorOptions) {
    this.#options = options;
  }

  async act(): Promise<void> {
    const { random, person, record, strangers } = this.#options;
    const draw = random();
    switch (MIX.find(({ below }) => draw < below)?.act) {
      case 'post': {
        this.#posts += 1;
        const text = `${person.id} says ${this.#posts}`;
        const fate = fateOf(await this.#send('POST', '/api/feed', { text }));
        record.sent.push({ text, authorId: person.id, fate });
        break;
      }
      case 'read-feed':
        await this.#send('GET', '/api/feed?limit=20');
        break;
      case 'read-notifications':
        await this.#send('GET', '/api/notifications?limit=20');
        break;
      case 'follow':
        await this.#changeFollow(pickOne(strangers, random));
        break;
    }
  }

  async #changeFollow(followeeId: string): Promise<void> {
    const { record, person } = this.#options;
    const key = `${person.id} ${followeeId}`;
    const before = record.follows.get(key);
    const isFollowing = !(before?.isFollowing ?? false);
    const fate = fateOf(await this.#send(isFollowing ? 'PUT' : 'DELETE', `/api/follows/${followeeId}`));
    // What was refused changed nothing; what is unknown stays so until a later request says more.
    if (fate === 'refused') return;
    record.follows.set(key, { followerId: person.id, followeeId, isFollowing, fate });
  }

  async #send(method: string, path: string, body?: unknown): Promise<number> {
    const { person, record } = this.#options;
    const status = await person.client.send(method, path, body).then(
      (answer) => answer.status,
      () => 0,
    );
    record.statuses.set(status, (record.statuses.get(status) ?? 0) + 1);
    return status;
  }
}
