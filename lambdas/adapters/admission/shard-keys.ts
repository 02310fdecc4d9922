import { hash } from 'node:crypto';

/** Of 96 bits: two of a billion subjects share a name with a probability of 10⁻¹¹. */
export const NAME_LENGTH = 16;
const NAMES_MAX = 10_000;

/** The shard that a caller's limits and its part of the load live in. */
export function shardOf(caller: string, shards: number): number {
  return shards === 1 ? 0 : Number.parseInt(hash('sha1', caller, 'hex').slice(0, 8), 16) % shards;
}

/** Key of the service's load in a shard. */
export function serviceKey(shard: number, service: string): string {
  return `{${shard}}s:${service}`;
}

/** Names subjects in keys: nobody who reads keys learns who calls. Remembers the last few thousand names. */
export class SubjectNames {
  #names = new Map<string, string>();

  nameOf(subject: string): string {
    const known = this.#names.get(subject);
    if (known !== undefined) return known;
    // All at once: who calls again is known again with the next request.
    if (this.#names.size >= NAMES_MAX) this.#names = new Map();
    const name = hash('sha1', subject, 'base64url').slice(0, NAME_LENGTH);
    this.#names.set(subject, name);
    return name;
  }
}
