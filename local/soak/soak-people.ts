import type { Twin } from '../twin/twin.ts';
import { Actor } from './actor.ts';
import { Person } from './person.ts';
import { randomOf } from './seeded-random.ts';
import type { SoakRecord } from './soak-record.ts';

const ACTORS = 6;
const FOLLOWERS_EACH = 3;
const STRANGERS = 20;

export interface SoakPeople {
  readonly actors: readonly Actor[];
  /** Author → those who follow all the time. */
  readonly followersOf: ReadonlyMap<string, readonly string[]>;
}

/** Signs everybody up, who follow each other from then on. */
export async function gatherPeople({ apiUrl }: Twin, seed: number, record: SoakRecord): Promise<SoakPeople> {
  const people: Person[] = [];
  // One after the other: to hash passwords takes the machine as a whole.
  while (people.length < ACTORS) people.push(await Person.signUp(apiUrl, `actor${people.length}`));
  const followersOf = await followInCircle(people);
  const strangers = Array.from({ length: STRANGERS }, (_, index) => strangerId(seed, index));
  const actors = people.map(
    (person, index) => new Actor({ person, strangers, record, random: randomOf(seed, `actor ${index}`) }),
  );
  return { actors, followersOf };
}

/** Each follows the next few. */
async function followInCircle(people: readonly Person[]): Promise<Map<string, string[]>> {
  const followersOf = new Map<string, string[]>(people.map(({ id }) => [id, []]));
  for (const [index, follower] of people.entries()) {
    for (let step = 1; step <= FOLLOWERS_EACH; step += 1) {
      const followee = people[(index + step) % people.length];
      if (followee === undefined) continue;
      const { status } = await follower.send('PUT', `/api/follows/${followee.id}`);
      if (status !== 204) throw new Error(`PUT /api/follows/${followee.id} answered ${status}`);
      followersOf.get(followee.id)?.push(follower.id);
    }
  }
  return followersOf;
}

/** Somebody who never signed up: a ULID of zeros and a number. */
function strangerId(seed: number, index: number): string {
  return `${seed % 10}${index}`.padStart(26, '0');
}
