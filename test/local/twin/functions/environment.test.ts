import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SkippableTime } from '../../../../local/twin/skippable-time.ts';
import { inlineLambda, lambda, RunningFunctions } from '../../../support/running-functions.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('Environment, frozen', () => {
  const running = new RunningFunctions();
  let server: Server | undefined;

  afterEach(async () => {
    await running.close();
    server?.close();
  });

  it('runs no timer between two invocations, and goes on with them in the next', async () => {
    running.start([
      inlineLambda(`let ticks = 0; setInterval(() => ticks++, 5);
        exports.handler = async ({ waitMs }) => { await new Promise((r) => setTimeout(r, waitMs)); return ticks; }`),
    ]);
    const before = await running.call<number>('inline', { waitMs: 0 });
    await wait(300);
    expect(Number(await running.call('inline', { waitMs: 0 })) - before).toBeLessThan(10);
    expect(Number(await running.call('inline', { waitMs: 200 })) - before).toBeGreaterThan(10);
  });

  it('finishes in the next invocation what it left undone in the last', async () => {
    running.start([
      inlineLambda(`let done = false;
        exports.handler = async () => { const was = done; setTimeout(() => { done = true; }, 20);
          await new Promise((r) => setTimeout(r, was ? 0 : 5)); return done; }`),
    ]);
    expect(await running.call('inline')).toBe(false);
    await wait(100);
    expect(await running.call('inline')).toBe(true);
  });

  it('keeps its sockets over a freeze', async () => {
    let connections = 0;
    server = createServer((_, response) => response.end('pong'));
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    running.start([inlineLambda('exports.handler = async (url) => (await fetch(url)).text()')]);
    expect(await running.call('inline', url)).toBe('pong');
    await wait(100);
    expect(await running.call('inline', url)).toBe('pong');
    expect(connections).toBe(1);
  });

  it('is killed, and closes, without an invocation that would thaw it', async () => {
    const functions = running.start([inlineLambda('exports.handler = async () => 1')]);
    await running.call('inline');
    await functions.kill('inline');
    await functions.close();
  });
});

describe('Environment, with skipped time', () => {
  const running = new RunningFunctions();

  afterEach(() => running.close());

  it('goes by the clock of the twin, and has as much time as ever', async () => {
    const time = new SkippableTime();
    running.start(
      [
        inlineLambda(`exports.handler = async (_, context) =>
          ({ nowMs: Date.now(), newMs: new Date().getTime(), leftMs: context.getRemainingTimeInMillis() })`),
      ],
      { skipped: time.skipped },
    );
    for (const skippedMs of [0, 86_400_000]) {
      time.skip(skippedMs);
      const seen = await running.call<{ nowMs: number; newMs: number; leftMs: number }>('inline');
      expect(Math.abs(seen.nowMs - time.nowMs())).toBeLessThan(5_000);
      expect(Math.abs(seen.newMs - time.nowMs())).toBeLessThan(5_000);
      expect(seen.leftMs).toBeGreaterThan(0);
      expect(seen.leftMs).toBeLessThanOrEqual(5_000);
    }
  });
});

describe('Environment, printing', () => {
  const running = new RunningFunctions();
  const texts = () => running.lines.map(({ text }) => text);

  afterEach(() => running.close());

  it('has handed over every line when the answer is there, in order, whatever printed it', async () => {
    running.start([
      inlineLambda(`const fs = require('node:fs');
        exports.handler = async () => {
          process.stdout.write('one\\ntw'); console.log('between'); process.stdout.write('o\\n');
          fs.writeSync(1, 'three\\n'); fs.writeSync(2, Buffer.from('xfour\\nx'), 1, 5);
          await new Promise((r) => process.stderr.write('five', r)); }`),
    ]);
    await running.call('inline');
    expect(texts()).toEqual(['one', expect.stringMatching(/\tINFO\tbetween$/), 'two', 'three', 'four', 'five']);
  });

  it('prefixes what console prints with time, request and level, as Lambda does', async () => {
    const { invoke } = running.start([
      inlineLambda(`exports.handler = async () => console.warn('%d left\\nof %s', 1, 2)`),
    ]);
    await invoke('inline', {}, undefined, { requestId: 'r-1' });
    expect(running.lines).toMatchObject([
      { source: 'stderr', text: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z\tr-1\tWARN\t1 left\nof 2$/) },
    ]);
  });

  it('prints JSON where the function asks for it, from the level that it asks for', async () => {
    const LoggingConfig = { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', LogGroup: 'mine' };
    const code = `exports.handler = async () => { console.info('no'); console.error({ a: 1 }); return process.env.AWS_LAMBDA_LOG_GROUP_NAME; }`;
    const { invoke } = running.start([inlineLambda(code, { LoggingConfig })]);
    expect(await invoke('inline', {}, undefined, { requestId: 'r-1' })).toMatchObject({ payload: 'mine' });
    expect(texts().map((text) => JSON.parse(text))).toEqual([
      { timestamp: expect.any(String), level: 'ERROR', requestId: 'r-1', message: { a: 1 } },
    ]);
  });

  it('keeps the last lines that a function printed', async () => {
    const functions = running.start([
      inlineLambda(`exports.handler = async () => process.stdout.write('one\\ntwo\\nthree\\n')`),
    ]);
    await running.call('inline');
    expect(functions.status(2)[0]?.lines.map(({ text }) => text)).toEqual(['two', 'three']);
  });

  it('traces an error through the function alone, in a line of bearable length', async () => {
    const { invoke } = running.start([lambda('faults')]);
    await invoke('faults', { fault: 'throw' });
    const line = texts().find((text) => text.includes('\tERROR\t'));
    expect(line).toMatch(/^[\dT:.-]+Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\{"errorType":"/);
    expect(line).toContain('faults/index.mjs');
    expect(line).not.toContain('data:');
    expect(line?.length).toBeLessThan(1_000);
  });

  it.each([
    ['crash', /^[\dT:.-]+Z\t[0-9a-f-]{36}\tERROR\tUncaught Exception \t\{"errorType":"TypeError",/],
    ['reject', /\tERROR\tUnhandled Promise Rejection \t\{"errorType":"Runtime.UnhandledPromiseRejection",/],
    ['hang', /^[\dT:.-]+Z [0-9a-f-]{36} Task timed out after 1\.00 seconds$/],
  ])('logs a %s in the words of the runtime', async (fault, line) => {
    const { invoke } = running.start([lambda('faults', { Timeout: 1 })]);
    await invoke('faults', { fault });
    expect(texts()).toContainEqual(expect.stringMatching(line));
  });

  it('keeps the word by which an authorizer says 401 for who asks: nothing went wrong', async () => {
    const { invoke } = running.start([lambda('faults')]);
    expect(await invoke('faults', { fault: 'refuse' })).toMatchObject({ ok: false, errorMessage: 'Unauthorized' });
    expect(running.lines.map(({ source }) => source)).toEqual(['stderr']);
  });
});

describe('Environment, failing', () => {
  const running = new RunningFunctions();

  afterEach(() => running.close());

  it('fails with the name, message and trace of an error that the handler throws, and stays', async () => {
    const functions = running.start([lambda('faults')]);
    expect(await functions.invoke('faults', { fault: 'throw' })).toEqual({
      ok: false,
      kind: 'failed',
      errorType: 'RangeError',
      errorMessage: 'out of range',
      trace: expect.arrayContaining(['RangeError: out of range', expect.stringContaining('faults/index.mjs')]),
    });
    expect(functions.status(0)[0]?.environments).toBe(1);
    expect(running.lines.some(({ text }) => text.includes('out of range'))).toBe(true);
  });

  it.each([
    ['throw-text', 'string: a text'],
    ['circle', 'Runtime.JSONStringifyError: Unable to stringify response body'],
    ['bigint', 'Runtime.JSONStringifyError: Unable to stringify response body'],
  ])('fails on %s, and stays', async (fault, message) => {
    const functions = running.start([lambda('faults')]);
    expect(await running.failure('faults', { fault })).toBe(message);
    expect(functions.status(0)[0]?.environments).toBe(1);
  });

  it('answers just as much as Lambda lets through, and fails one byte beyond', async () => {
    running.start([lambda('faults')]);
    const most = 6_291_556 - 2;
    expect(await running.call<string>('faults', { fault: 'large', length: most })).toHaveLength(most);
    expect(await running.failure('faults', { fault: 'large', length: most + 1 })).toBe(
      'Function.ResponseSizeTooLarge: Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).',
    );
  });

  it.each(['hang', 'spin'])('kills what %ss at its time-out', async (fault) => {
    const functions = running.start([lambda('faults', { Timeout: 1 })]);
    expect(await functions.invoke('faults', { fault })).toMatchObject({
      ok: false,
      kind: 'timed-out',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
    });
    expect(functions.status(0)[0]?.environments).toBe(0);
    expect(await running.call('faults')).toBe('fine');
  });

  it.each([
    ['exit', /^Runtime\.ExitError: RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/],
    ['exit-0', /^Runtime\.ExitError: RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/],
    ['never', /^Runtime\.ExitError: RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/],
    ['crash', /^TypeError: nobody caught this$/],
    ['reject', /^Runtime\.UnhandledPromiseRejection: Error: nobody awaited this$/],
    ['memory', /^Runtime\.ExitError: RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed$/],
    ['array', /^Runtime\.ExitError: RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed$/],
    ['buffer', /^Runtime\.ExitError: RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed$/],
  ])('fails after %s, and serves the next invocation from a new environment', async (fault, message) => {
    running.start([lambda('faults', { MemorySize: 64, Timeout: 15 })]);
    expect(await running.failure('faults', { fault })).toMatch(message);
    expect(await running.call('faults')).toBe('fine');
  });

  it.each(['exit', 'memory'])('says that the runtime ended, and of what, after %s', async (fault) => {
    running.start([lambda('faults', { MemorySize: 64, Timeout: 15 })]);
    const message = (await running.failure('faults', { fault })).replace('Runtime.ExitError: ', '');
    expect(running.lines.filter(({ source }) => source === 'platform')).toMatchObject([
      { text: `${message}\nRuntime.ExitError` },
    ]);
  });

  it.each([
    ['process.kill(process.pid)', 'terminated'],
    ["process.kill(process.pid, 'SIGKILL')", 'killed'],
    ['process.kill(0, 2)', 'interrupt'],
    ['process.abort()', 'aborted'],
  ])('takes %s of a function for the end of its runtime, not of the twin', async (code, word) => {
    running.start([inlineLambda(`exports.handler = async ({ end }) => { if (end) ${code}; return 'fine'; }`)]);
    expect(await running.failure('inline', { end: true })).toMatch(
      new RegExp(`^Runtime\\.ExitError: RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: ${word}$`),
    );
    expect(await running.call('inline')).toBe('fine');
  });

  it('lets a function listen to its own signals, and ask whether a process is there', async () => {
    running.start([
      inlineLambda(`exports.handler = async () => { const heard = []; process.on('SIGTERM', (s) => heard.push(s));
        process.kill(process.pid); heard.push(process.kill(process.pid, 0));
        try { process.kill(process.pid, 'SIGNOT'); } catch (e) { heard.push(e.code); } return heard; }`),
    ]);
    expect(await running.call('inline')).toEqual(['SIGTERM', true, 'ERR_UNKNOWN_SIGNAL']);
  });
});
