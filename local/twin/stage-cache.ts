import { CACHE_PORT, cacheHost } from './assembly/deployed-endpoints.ts';
import type { EndpointRule } from './assembly/endpoint-rewrite.ts';
import type { ResolvedResource } from './assembly/resolved-resource.ts';
import { type Cache, type CacheOptions, startCache } from './cache/start-cache.ts';

const CACHE_TYPE = 'AWS::ElastiCache::ServerlessCache';

export interface StageCacheOptions extends Pick<CacheOptions, 'url' | 'embedded'> {
  readonly region: string;
  readonly log: (message: string) => void;
}

/** The one cache that stands for every cache of the templates; started when the first of them is declared. */
export class StageCache {
  readonly #options: StageCacheOptions;
  #cache: Cache | undefined;
  #starting: Promise<Cache> | undefined;
  #rules: readonly EndpointRule[] = [];

  constructor(options: StageCacheOptions) {
    this.#options = options;
  }

  /** A sentence that says which cache serves; `undefined` where none is declared. */
  get describe(): string | undefined {
    return this.#cache?.describe;
  }

  /** Where the deployed caches answer on this machine. */
  get rules(): readonly EndpointRule[] {
    return this.#rules;
  }

  /** @throws Error where the cache of the options does not answer. */
  async apply(resources: readonly ResolvedResource[]): Promise<void> {
    const declared = resources.filter(({ type }) => type === CACHE_TYPE);
    if (declared.length === 0) return;
    this.#starting ??= startCache(this.#options);
    const cache = await this.#starting;
    if (!this.#cache) this.#options.log(cache.describe);
    this.#cache = cache;
    this.#rules = declared.map(({ stackName, logicalId, physicalId }) => {
      const host = cacheHost({ stackName, logicalId, region: this.#options.region, name: physicalId });
      return { deployed: `rediss://${host}:${CACHE_PORT}`, local: `redis://${cache.host}:${cache.port}` };
    });
  }

  /** Ends the cache and has it replaced, empty, after so many milliseconds. */
  async fail(downMs: number): Promise<void> {
    await this.#cache?.fail(downMs);
  }

  /** Also where the start is still under way, or failed. */
  async stop(): Promise<void> {
    const cache = await this.#starting?.catch(() => undefined);
    await cache?.stop();
  }
}
