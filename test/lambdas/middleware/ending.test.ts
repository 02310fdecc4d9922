import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lambdas/errors/service-error.ts';
import { endingOf } from '../../../lambdas/middleware/ending.ts';
import type { Exchange } from '../../../lambdas/middleware/exchange.ts';

const exchange = (more: Partial<Exchange> = {}): Exchange =>
  ({ route: { spec: { latencyTargetMs: 200 } }, admittedAtMs: 1_000, ...more }) as Exchange;

const PASSED = new ServiceError('deadline-passed', '', { statusCode: 504 });
const GONE = new ServiceError('dependency-unavailable', '', { statusCode: 503 });

describe('endingOf', () => {
  it.each([
    ['an answer is a success', 200, undefined, {}, 'success'],
    ['a redirection is a success', 302, undefined, {}, 'success'],
    ['a refusal for other reasons tells nothing', 404, undefined, {}, 'ignored'],
    ['a mistake of ours tells nothing', 500, new TypeError('oops'), {}, 'ignored'],
    ['a time-out was too much', 504, new ServiceError('timed-out', '', { statusCode: 504 }), {}, 'dropped'],
    ['an outage was too much', 503, new ServiceError('dependency-unavailable', '', { statusCode: 503 }), {}, 'dropped'],
    ['a cached answer tells nothing', 200, undefined, { cache: 'hit' }, 'ignored'],
    [
      'an answer that is given again tells nothing',
      201,
      undefined,
      { idempotency: { key: 'a', outcome: 'replayed' } },
      'ignored',
    ],
    ['an answer under a key is a success', 201, undefined, { idempotency: { key: 'a', outcome: 'first' } }, 'success'],
    ['no answer at all tells nothing', undefined, undefined, {}, 'ignored'],
    ['a caller who gave up tells nothing', 504, PASSED, { isHinted: true, deadlineMs: 1_100 }, 'ignored'],
    ['an outage before the caller gave up was too much', 503, GONE, { isHinted: true, deadlineMs: 1_101 }, 'dropped'],
    ['a deadline of our own was too much', 504, PASSED, { isHinted: false, deadlineMs: 1_100 }, 'dropped'],
  ] as const)('%s', (_, status, error, more, kind) => {
    expect(endingOf(exchange(more), status, error, 1_100)).toEqual({ kind, latencyRatio: 0.5, cost: undefined });
  });

  it('carries what the handler says it has cost, and never a negative latency', () => {
    expect(endingOf(exchange({ cost: 7 }), 200, undefined, 900)).toEqual({ kind: 'success', latencyRatio: 0, cost: 7 });
  });
});
