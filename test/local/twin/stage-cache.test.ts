import { describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../local/twin/assembly/resolved-resource.ts';
import { ping } from '../../../local/twin/cache/ping.ts';
import { StageCache } from '../../../local/twin/stage-cache.ts';

function cacheResource(logicalId: string): ResolvedResource {
  const type = 'AWS::ElastiCache::ServerlessCache';
  return { logicalId, physicalId: logicalId, stackName: 'S', type, path: logicalId, properties: {}, metadata: {} };
}

describe('StageCache', () => {
  it('starts when the first cache is declared, and stands for every further one', async () => {
    const log: string[] = [];
    const cache = new StageCache({ region: 'us-east-1', embedded: true, log: (line) => log.push(line) });
    await cache.apply([]);
    expect([cache.describe, cache.rules]).toEqual([undefined, []]);
    await cache.apply([cacheResource('One')]);
    await cache.apply([cacheResource('One'), cacheResource('Two')]);
    expect(log).toEqual([cache.describe]);
    const [one, two] = cache.rules;
    expect(one?.deployed).toMatch(/^rediss:\/\/One-\w{6}\.serverless\.us-east-1\.cache\.amazonaws\.com:6379$/);
    expect(two?.local).toBe(one?.local);
    const { hostname, port } = new URL(one?.local ?? '');
    await expect(ping(hostname, Number(port), 1_000)).resolves.toBeUndefined();
    await cache.stop();
    await expect(ping(hostname, Number(port), 1_000)).rejects.toThrow('ECONNREFUSED');
  });
});
