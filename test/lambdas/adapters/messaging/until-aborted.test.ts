import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../../../lambdas/adapters/messaging/until-aborted.ts';

const { promise: never } = Promise.withResolvers<never>();

describe('untilAborted', () => {
  it('ends as the promise does', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(untilAborted(Promise.reject(new Error('oops')), signal)).rejects.toThrow('oops');
  });

  it('fails with the reason of the signal, aborted before or meanwhile', async () => {
    await expect(untilAborted(never, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    const controller = new AbortController();
    const waiting = untilAborted(never, controller.signal);
    controller.abort(new Error('time is up'));
    await expect(waiting).rejects.toThrow('time is up');
  });

  it('leaves no unhandled rejection where the promise fails later', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    await expect(untilAborted(promise, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    reject(new Error('later'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
