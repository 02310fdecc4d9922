import { afterEach, describe, expect, it } from 'vitest';
import { inlineLambda, RunningFunctions } from '../../../../support/running-functions.ts';

describe('a handler of Node 24', () => {
  const running = new RunningFunctions();

  afterEach(() => running.close());

  it('answers what it returns, with a promise or without', async () => {
    running.start([inlineLambda('exports.handler = (event) => event ? Promise.resolve(1) : 2')]);
    expect([await running.call('inline', true), await running.call('inline', false)]).toEqual([1, 2]);
  });

  it('answers null for nothing', async () => {
    running.start([inlineLambda('exports.handler = () => {}')]);
    expect(await running.call('inline')).toBeNull();
  });

  it('has no callbacks in its context', async () => {
    running.start([inlineLambda('exports.handler = async (event, context) => Object.keys(context)')]);
    expect(await running.call('inline')).not.toContain('callbackWaitsForEmptyEventLoop');
  });

  it('fails with what it throws, before any promise', async () => {
    running.start([inlineLambda('exports.handler = () => { throw new RangeError("at once") }')]);
    expect(await running.failure('inline')).toBe('RangeError: at once');
  });
});

describe('a handler of Node 22', () => {
  const running = new RunningFunctions();
  const start = (code: string) =>
    running.start([inlineLambda(`exports.handler = ${code}`, { Runtime: 'nodejs22.x', Timeout: 1 })]);

  afterEach(() => running.close());

  it.each([
    ['by its callback', '(e, c, callback) => callback(null, 1)', 1],
    ['by its promise', 'async () => 1', 1],
    ['by its context', '(e, context) => context.succeed(1)', 1],
    ['by done', '(e, context) => context.done(null, 1)', 1],
    [
      'once the event loop is empty',
      '(e, c, callback) => { let n = 0; setTimeout(() => n++, 20); callback(null, { toJSON: () => n }) }',
      1,
    ],
    ['null where it returns without calling back', '() => 1', null],
    ['only once', '(e, c, callback) => { callback(null, 1); callback(null, 2); }', 1],
  ])('answers %s', async (_, code, result) => {
    start(code);
    expect(await running.call('inline')).toBe(result);
  });

  it('waits for an empty event loop, up to its time-out, unless it says that it does not', async () => {
    start(
      '(wait, context, callback) => { context.callbackWaitsForEmptyEventLoop = wait; setInterval(() => {}, 100); callback(null, 1) }',
    );
    expect(await running.call('inline', false)).toBe(1);
    expect(await running.failure('inline', true)).toMatch(/Task timed out after 1\.00 seconds$/);
  });

  it.each([
    ['the error that it calls back with', '(e, c, callback) => callback(new RangeError("no"))', 'RangeError: no'],
    ['a text that it calls back with', '(e, c, callback) => callback("no")', 'Error: no'],
    ['what it fails its context with', '(e, context) => context.fail(new RangeError("no"))', 'RangeError: no'],
    ['what it throws', '() => { throw new RangeError("no") }', 'RangeError: no'],
    [
      'a promise that never settles',
      'async () => new Promise(() => {})',
      'Runtime.NodeJsExit: The Lambda runtime client detected an unexpected Node.js exit code. This is most likely due to a Promise that was never settled.',
    ],
  ])('fails with %s', async (_, code, message) => {
    start(code);
    expect(await running.failure('inline')).toBe(message);
  });
});
