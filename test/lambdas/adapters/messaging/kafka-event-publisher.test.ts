import { describe, expect, it } from 'vitest';
import { createKafkaEventPublisher } from '../../../../lambdas/adapters/messaging/kafka-event-publisher.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { virtualWait } from '../../../support/virtual-wait.ts';

type Message = { readonly topic: string; readonly key: string; readonly value: string };

function fixture(answer: (messages: readonly Message[]) => Promise<unknown> = async () => ({})) {
  const clock = new ManualClock();
  const sent: string[][] = [];
  const producer = {
    send: ({ messages }: { readonly messages: readonly Message[] }) => {
      sent.push(messages.map(({ topic, key, value }) => `${topic} ${key} ${value}`));
      return answer(messages);
    },
  };
  const timing = { clock, wait: virtualWait(clock).wait, random: () => 0.5 };
  return { sent, publisher: createKafkaEventPublisher(producer, 'events', timing) };
}

const entry = (aggregate: string, body: string) => ({ aggregate, body });
const { signal } = new AbortController();

describe('createKafkaEventPublisher', () => {
  it('sends events of several aggregates together, and those of one after the other', async () => {
    const { sent, publisher } = fixture();
    const entries = [entry('ann', '1'), entry('ann', '2'), entry('bob', '1'), entry('ann', '3')];
    expect(await publisher.publish(entries, signal)).toEqual(new Map());
    expect(sent).toEqual([['events ann 1', 'events bob 1'], ['events ann 2'], ['events ann 3']]);
  });

  it('sends again what failed, in its order', async () => {
    let calls = 0;
    const { sent, publisher } = fixture(async () => {
      calls += 1;
      if (calls === 1) throw new Error('not the leader');
    });
    expect(await publisher.publish([entry('ann', '1'), entry('ann', '2')], signal)).toEqual(new Map());
    expect(sent).toEqual([['events ann 1'], ['events ann 1'], ['events ann 2']]);
  });

  it('gives up what keeps failing, and names what it holds back with it', async () => {
    const { sent, publisher } = fixture(async () => {
      throw new Error('not authorized');
    });
    const refused = await publisher.publish([entry('ann', '1'), entry('ann', '2')], signal);
    expect([...refused.keys()]).toEqual([0, 1]);
    expect(refused.get(0)).toContain('not authorized');
    expect(new Set(sent.flat())).toEqual(new Set(['events ann 1']));
  });

  it('waits for no answer after its time', async () => {
    const time = new AbortController();
    const { publisher } = fixture(() => {
      time.abort(new Error('the time is up'));
      return new Promise(() => {});
    });
    const refused = await publisher.publish([entry('ann', '1')], time.signal);
    expect(refused.get(0)).toContain('the time is up');
  });
});
