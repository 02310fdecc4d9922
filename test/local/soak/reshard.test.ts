import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provisionStream, reshard } from '../../../local/soak/reshard.ts';
import { seededRandom } from '../../../local/soak/seeded-random.ts';
import { type RunningAws, runAws } from '../../support/running-aws.ts';

describe('resharding', () => {
  let running: RunningAws;
  let kinesis: KinesisClient;
  beforeEach(async () => {
    running = await runAws();
    kinesis = new KinesisClient(running.clientOptions());
  });
  afterEach(() => running.aws.close());
  const openShards = async (StreamName: string) =>
    (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary?.OpenShardCount ??
    0;

  it('splits and merges, within bounds, a stream that no longer scales by itself', async () => {
    await provisionStream(running.aws.call, 'events');
    const random = seededRandom(1);
    const seen = new Map<string, number>();
    for (let step = 0; step < 60; step += 1) {
      const before = await openShards('events');
      const done = await reshard(running.aws.call, 'events', random);
      seen.set(done, (seen.get(done) ?? 0) + 1);
      const after = await openShards('events');
      expect(after - before).toBe(done === 'split' ? 1 : -1);
      expect(after).toBeGreaterThanOrEqual(2);
      expect(after).toBeLessThanOrEqual(6);
    }
    expect(Math.min(...seen.values())).toBeGreaterThan(10);
  });

  it('fails on a stream on demand, as Kinesis does', async () => {
    await kinesis.send(
      new CreateStreamCommand({ StreamName: 'other', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
    );
    await expect(reshard(running.aws.call, 'other', () => 0)).rejects.toThrow('on-demand');
  });
});
