import { beforeEach, describe, expect, it } from 'vitest';
import { QueueStore } from '../../../../local/twin/aws/sqs/queue-store.ts';
import { queueViews } from '../../../../local/twin/console/queue-view.ts';
import { resourceLabels } from '../../../../local/twin/console/resource-labels.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { accountId, queueArn, region, resource } from '../../../support/running-aws.ts';

const labels = resourceLabels([
  { ...resource('AWS::SQS::Queue', 'https://host/0/work', {}), path: 'Stack/Work/Resource' },
]);

describe('queueViews', () => {
  let clock: ManualClock;
  let queues: QueueStore;
  const views = (deadLetterArns: readonly string[] = []) =>
    queueViews({ queues, labels, deadLetterArns: new Set(deadLetterArns), awsEndpointUrl: 'http://127.0.0.1:4000' });
  const send = (name: string, delayMs: number) => {
    const nothing = { attributes: undefined, md5OfAttributes: undefined, traceHeader: undefined, groupId: undefined };
    const never = { deduplicationId: undefined, sequenceNumber: undefined, deadLetterSourceArn: undefined };
    const content = { id: `${name} ${delayMs}`, body: 'x', md5OfBody: '', senderId: 'ada', sentMs: clock.now() };
    queues.get(name).queue.send({ ...content, ...nothing, ...never }, clock.now(), delayMs);
  };

  beforeEach(() => {
    clock = new ManualClock();
    queues = new QueueStore({ region, accountId, nowMs: () => clock.now() });
    queues.create('dead', {}, {});
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 3 });
    queues.create('work', { RedrivePolicy }, {});
  });

  it('counts visible, delayed and in flight as of now', () => {
    send('work', 0);
    send('work', 5_000);
    const counts = () => views()[1];
    expect(counts()).toMatchObject({ visible: 1, delayed: 1, inFlight: 0 });
    queues.get('work').queue.receive(1, clock.now(), 30_000);
    clock.advance(4_999);
    expect(counts()).toMatchObject({ visible: 0, delayed: 1, inFlight: 1 });
    clock.advance(1);
    expect(counts()).toMatchObject({ visible: 1, delayed: 0, inFlight: 1 });
  });

  it('says where dead letters go, and which queue takes them', () => {
    expect(views()).toMatchObject([
      { label: 'dead', takesDeadLetters: true, deadLetterQueue: undefined, maxReceives: undefined },
      { label: 'Work', takesDeadLetters: false, deadLetterQueue: 'dead', maxReceives: 3 },
    ]);
  });

  it('knows dead-letter queues of others than queues by the templates', () => {
    queues.create('failures', {}, {});
    expect(views().find(({ name }) => name === 'failures')?.takesDeadLetters).toBe(false);
    expect(views([queueArn('failures')]).find(({ name }) => name === 'failures')?.takesDeadLetters).toBe(true);
  });

  it('gives the address of a queue at the endpoint', () => {
    expect(views()[0]?.url).toBe('http://127.0.0.1:4000/000000000000/dead');
  });
});
