import { describe, expect, it } from 'vitest';
import { causeFaults } from '../../../local/soak/faults.ts';
import { KillPoints } from '../../../local/soak/kill-points.ts';
import { seededRandom } from '../../../local/soak/seeded-random.ts';
import type { StageParts } from '../../../local/soak/stage-parts.ts';
import type { Twin } from '../../../local/twin/twin.ts';

const parts = { stream: 'events', workers: { VideoWorker: 'video', OutboxRelay: 'relay' } } as unknown as StageParts;

function start() {
  const [paused, resumed, killed]: string[][] = [[], [], []];
  const shards = ['0', '100'].map((StartingHashKey, at) => ({
    ShardId: `shard-${at}`,
    HashKeyRange: { StartingHashKey, EndingHashKey: String(Number(StartingHashKey) + 99) },
    SequenceNumberRange: {},
  }));
  const twin = {
    functions: {
      status: () => [
        { name: 'video', label: 'VideoWorker/Worker' },
        { name: 'feed', label: 'Api/Feed' },
      ],
      kill: async (name: string) => void killed?.push(name),
    },
    callAws: async () => ({ Shards: shards }),
    failCache: async () => {},
    pauseEventSources: async (name: string) => {
      paused?.push(name);
      return () => void resumed?.push(name);
    },
  } as unknown as Twin;
  const killPoints = new KillPoints(
    async () => {},
    () => {},
  );
  const seen: string[] = [];
  const stopping = new AbortController();
  const cause = (seed: number) =>
    causeFaults(
      { twin, parts, random: seededRandom(seed), killPoints, onFault: (what) => seen.push(what) },
      stopping.signal,
    );
  return { cause, stop: () => stopping.abort(), seen, paused, resumed, killed };
}

describe('causeFaults', () => {
  it('causes what its seed says, and lets all go on at the end', async () => {
    const { cause, stop, seen, paused, resumed, killed } = start();
    const causing = cause(1);
    await expect.poll(() => seen.some((what) => what.startsWith('stopped')), { timeout: 15_000 }).toBe(true);
    stop();
    await causing;
    expect(resumed?.sort()).toEqual(paused?.sort());
    expect(seen.filter((what) => what.startsWith('killed'))).toHaveLength(killed?.length ?? -1);
  });

  it('causes nothing where it is to stop at once', async () => {
    const { cause, stop, seen } = start();
    stop();
    await cause(1);
    expect(seen).toEqual([]);
  });
});
