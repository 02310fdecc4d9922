import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/twin/aws/aws-error.ts';
import { OWNER } from '../../../../local/twin/aws/principal.ts';
import { type DeliveryFailure, RetriedDeliveries } from '../../../../local/twin/aws/retried-deliveries.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';

const PASSING: DeliveryFailure = { code: 'Busy', message: 'later', isLasting: false };
const LASTING: DeliveryFailure = { code: 'Denied', message: 'never', isLasting: true };

/** Deliveries on a clock of the test's; `log` says what happened, and when. */
function scenario({ thrown }: { thrown?: Error } = {}) {
  const timers = new ManualTimers();
  const log: string[] = [];
  const deliveries = new RetriedDeliveries(
    {
      callAws: async () => {
        if (thrown) throw thrown;
        return {};
      },
      invokeAsync: async () => ({ ok: false, kind: 'denied', errorType: 'AccessDenied', errorMessage: 'no' }),
    },
    timers.setTimer,
  );
  const startMs = timers.clock.now();
  const delivery = (name: string, ...failures: DeliveryFailure[]) => ({
    attempt: async () => {
      log.push(`${name} at ${timers.clock.now() - startMs}`);
      return failures.shift();
    },
    pauseMs: (retries: number) => [0, 1_000][retries],
    giveUp: async ({ code }: DeliveryFailure, retries: number) => {
      log.push(`${name} given up after ${retries}: ${code}`);
    },
  });
  return { timers, log, deliveries, delivery };
}

describe('RetriedDeliveries', () => {
  it('tries again after each pause, and gives up where there is no other', async () => {
    const { timers, log, deliveries, delivery } = scenario();
    void deliveries.begin(delivery('a', PASSING, PASSING, PASSING));
    await timers.advance(1_000);
    await deliveries.settled();
    expect(log).toEqual(['a at 0', 'a at 0', 'a at 1000', 'a given up after 2: Busy']);
  });

  it('gives up at once what would fail for ever', async () => {
    const { log, deliveries, delivery } = scenario();
    await deliveries.begin(delivery('a', LASTING));
    expect(log).toEqual(['a at 0', 'a given up after 0: Denied']);
  });

  it('keeps a delivery waiting for the previous one, its retries included', async () => {
    const { timers, log, deliveries, delivery } = scenario();
    const first = deliveries.begin(delivery('a', PASSING, PASSING));
    void deliveries.begin(delivery('b'), first);
    await timers.advance(999);
    expect(log).toEqual(['a at 0', 'a at 0']);
    await timers.advance(1);
    expect(log.slice(2)).toEqual(['a at 1000', 'b at 1000']);
  });

  it('ends its pauses when it is closed, tries once more, and gives nothing up', async () => {
    const { timers, log, deliveries, delivery } = scenario();
    void deliveries.begin(delivery('a', PASSING, PASSING, PASSING));
    await timers.settle();
    await deliveries.close();
    expect(log).toEqual(['a at 0', 'a at 0', 'a at 0']);
  });

  it.each([
    [new AwsError('AccessDenied', 'no'), 'AccessDenied', true],
    [new AwsError('ThrottlingException', 'slow down'), 'ThrottlingException', false],
    [new AwsError('ProvisionedThroughputExceededException', 'x'), 'ProvisionedThroughputExceededException', false],
    [new AwsError('QueueDoesNotExist', 'none', { queryCode: 'NonExistentQueue' }), 'NonExistentQueue', true],
    [new AwsError('InternalError', 'x', { statusCode: 500 }), 'InternalError', false],
    [new Error('a bug'), 'InternalFailure', false],
  ])('takes %s for %s, lasting: %s', async (thrown, code, isLasting) => {
    const { deliveries } = scenario({ thrown });
    expect(await deliveries.call('sqs', 'SendMessage', {}, OWNER)).toMatchObject({ code, isLasting });
  });

  it('takes a function that may not be called for a lasting failure', async () => {
    const { deliveries } = scenario();
    const failure = { code: 'AccessDenied', message: 'no', isLasting: true };
    expect(await deliveries.invoke('arn', {}, OWNER)).toEqual(failure);
  });
});
