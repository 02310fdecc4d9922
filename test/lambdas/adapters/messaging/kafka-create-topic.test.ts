import { describe, expect, it } from 'vitest';
import { createTopic, type TopicAdmin } from '../../../../lambdas/adapters/messaging/kafka-create-topic.ts';

const THERE = Object.assign(new Error('creating topics failed'), {
  errors: [Object.assign(new Error('exists'), { apiId: 'TOPIC_ALREADY_EXISTS' })],
});

function adminOf({ fails, partitions = 6 }: { readonly fails?: Error; readonly partitions?: number }) {
  const calls: unknown[] = [];
  const admin = {
    createTopics: async (options: unknown) => {
      calls.push(options);
      if (fails !== undefined) throw fails;
      return [];
    },
    metadata: async () => ({ topics: new Map([['events', { partitionsCount: partitions }]]) }),
    incrementalAlterConfigs: async (options: unknown) => {
      calls.push(options);
    },
  } as unknown as TopicAdmin;
  return { admin, calls };
}

const SPEC = { partitions: 6, retentionMs: 86_400_000 };
const CREATED = { topics: ['events'], partitions: 6, configs: [{ name: 'retention.ms', value: '86400000' }] };

describe('createTopic', () => {
  it('makes the topic with its partitions and retention', async () => {
    const { admin, calls } = adminOf({});
    await createTopic(admin, 'events', SPEC);
    expect(calls).toEqual([CREATED]);
  });

  it('sets the retention of one that is there', async () => {
    const { admin, calls } = adminOf({ fails: THERE });
    await createTopic(admin, 'events', { ...SPEC, retentionMs: 172_800_000 });
    expect(calls[1]).toEqual({
      resources: [
        {
          resourceType: 2,
          resourceName: 'events',
          configs: [{ name: 'retention.ms', value: '172800000', configOperation: 0 }],
        },
      ],
    });
  });

  it('fails where the topic is there with other partitions, and changes nothing', async () => {
    const { admin, calls } = adminOf({ fails: THERE, partitions: 3 });
    await expect(createTopic(admin, 'events', SPEC)).rejects.toThrow("topic 'events' has 3 partitions, not 6");
    expect(calls).toHaveLength(1);
  });

  it('fails with whatever else the brokers say', async () => {
    const { admin } = adminOf({ fails: new Error('not authorized') });
    await expect(createTopic(admin, 'events', SPEC)).rejects.toThrow('not authorized');
  });
});
