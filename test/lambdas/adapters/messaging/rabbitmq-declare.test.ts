import { describe, expect, it } from 'vitest';
import { declareQueues } from '../../../../lambdas/adapters/messaging/rabbitmq-declare.ts';
import { declarationsOf } from '../../../../lambdas/contract/rabbitmq-queues.ts';
import { MemoryRabbit } from '../../../support/memory-rabbitmq.ts';

describe('declareQueues', () => {
  it('declares all queues of all kinds of work, to last', async () => {
    const broker = new MemoryRabbit();
    const specs = [
      { name: 'video', attempts: 5 },
      { name: 'activity', attempts: 2 },
    ] as const;
    await declareQueues(broker, specs);
    expect(broker.declared).toEqual(
      specs.flatMap(declarationsOf).map(({ queue, arguments: args }) => [queue, { durable: true, arguments: args }]),
    );
  });
});
