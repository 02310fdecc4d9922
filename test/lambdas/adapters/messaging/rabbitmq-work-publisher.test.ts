import { describe, expect, it } from 'vitest';
import { createRabbitWorkPublisher } from '../../../../lambdas/adapters/messaging/rabbitmq-work-publisher.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryRabbit } from '../../../support/memory-rabbitmq.ts';
import { virtualWait } from '../../../support/virtual-wait.ts';

function fixture() {
  const clock = new ManualClock();
  const broker = new MemoryRabbit();
  const timing = { clock, wait: virtualWait(clock).wait, random: () => 0.5 };
  return { broker, publisher: createRabbitWorkPublisher(broker, 'video', timing) };
}

const entry = (id: string) => ({ item: { id }, body: `{"id":"${id}"}` });
const { signal } = new AbortController();

describe('createRabbitWorkPublisher', () => {
  it('sends work to its queue under its id', async () => {
    const { broker, publisher } = fixture();
    expect(await publisher.publish([entry('a'), entry('b')], signal)).toEqual(new Map());
    expect(broker.published).toMatchObject([
      { queue: 'video', body: '{"id":"a"}', options: { messageId: 'a' } },
      { queue: 'video', body: '{"id":"b"}', options: { messageId: 'b' } },
    ]);
  });

  it('sends again what was refused, and that alone', async () => {
    const { broker, publisher } = fixture();
    broker.takes.push('confirm', 'refuse', 'confirm');
    expect(await publisher.publish([entry('a'), entry('b'), entry('c')], signal)).toEqual(new Map());
    expect(broker.published.map(({ options }) => options.messageId)).toEqual(['a', 'b', 'c', 'b']);
  });

  it('names what keeps being refused, with the reason', async () => {
    const { broker, publisher } = fixture();
    broker.takes.push(...Array.from({ length: 5 }, () => 'return' as const));
    const refused = await publisher.publish([entry('a')], signal);
    expect(refused.get(0)).toContain("the broker has no queue 'video'");
  });
});
