import { fateOf } from './fate.ts';
import { sendPerhapsKeyed } from './keyed-request.ts';
import type { Answer, Person } from './person.ts';
import { pickOne, type Random } from './seeded-random.ts';
import type { SoakRecord } from './soak-record.ts';
import { VideoMaker } from './video-maker.ts';

export interface ActorOptions {
  readonly person: Person;
  /** Whom this actor follows and stops following; nobody of them posts. */
  readonly strangers: readonly string[];
  readonly record: SoakRecord;
  readonly random: Random;
}

/** What an actor does, below which draw from [0, 1). */
const MIX = [
  { below: 0.2, act: 'post' },
  { below: 0.45, act: 'view' },
  { below: 0.6, act: 'post-video' },
  { below: 0.65, act: 'cancel-video' },
  { below: 0.75, act: 'read-feed' },
  { below: 0.85, act: 'read-notifications' },
  { below: 1, act: 'follow' },
] as const;

/** One person who does one thing after the other; each waits for the answer, as a person does. */
export class Actor {
  readonly person: Person;
  readonly #options: ActorOptions;
  readonly #videos: VideoMaker;
  #posts = 0;

  constructor(options: ActorOptions) {
    this.person = options.person;
    this.#options = options;
    const { record, random, person } = options;
    const send = (...request: Parameters<Person['send']>) => this.#send(...request);
    this.#videos = new VideoMaker({ name: person.id, videos: record.videos, random, send });
  }

  async act(): Promise<void> {
    const { random, strangers } = this.#options;
    const draw = random();
    switch (MIX.find(({ below }) => draw < below)?.act) {
      case 'post':
        await this.#post();
        break;
      case 'view':
        await this.#view();
        break;
      case 'post-video':
        await this.#videos.post();
        break;
      case 'cancel-video':
        await this.#videos.cancelOne();
        break;
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

  async #post(): Promise<void> {
    const { person, record, random } = this.#options;
    this.#posts += 1;
    const text = `${person.id} says ${this.#posts}`;
    const sent = await sendPerhapsKeyed((key) => this.#send('POST', '/api/feed', { text }, key), random);
    record.posts.push({ text, authorId: person.id, ...sent });
    if (sent.ids[0] !== undefined) record.postIds.push(sent.ids[0]);
  }

  async #view(): Promise<void> {
    const { record, random } = this.#options;
    if (record.postIds.length === 0) return;
    const postId = pickOne(record.postIds, random);
    const { status, body } = await this.#send('POST', '/api/activity', { type: 'post-viewed', postId });
    const fate = fateOf(status);
    record.views.push({ postId, fate, ...(fate === 'accepted' && { workId: String(body.id) }) });
  }

  async #changeFollow(followeeId: string): Promise<void> {
    const { record, person } = this.#options;
    const key = `${person.id} ${followeeId}`;
    const before = record.follows.get(key);
    const isFollowing = !(before?.isFollowing ?? false);
    const { status } = await this.#send(isFollowing ? 'PUT' : 'DELETE', `/api/follows/${followeeId}`);
    const fate = fateOf(status);
    // What was refused changed nothing; what is unknown stays so until a later request says more.
    if (fate === 'refused') return;
    record.follows.set(key, { followerId: person.id, followeeId, isFollowing, fate });
  }

  async #send(...request: Parameters<Person['send']>): Promise<Answer> {
    const { person, record } = this.#options;
    const answer = await person.send(...request);
    record.statuses.set(answer.status, (record.statuses.get(answer.status) ?? 0) + 1);
    return answer;
  }
}
