import { describe, expect, it } from 'vitest';
import { functionViews } from '../../../../local/twin/console/function-view.ts';
import type { FunctionStatus } from '../../../../local/twin/functions/functions.ts';
import type { LogLine } from '../../../../local/twin/functions/log-lines.ts';

function status(name: string, ...lines: LogLine[]): FunctionStatus {
  const counts = { environments: 0, busy: 0, waiting: 0, invocations: 0, failures: 0, throttles: 0, lastMs: undefined };
  return {
    ...counts,
    name,
    label: name,
    timeoutSeconds: 3,
    memoryMegabytes: 128,
    reservedConcurrency: undefined,
    lines,
  };
}

function lastErrorOf(...lines: LogLine[]) {
  return functionViews({ status: () => [status('one', ...lines)] }, undefined).functions[0]?.lastError;
}

const line = (source: LogLine['source'], text: string, atMs = 5): LogLine => ({ source, text, atMs });

describe('functionViews', () => {
  it('hands out the log of the function that is asked for, else of the first', () => {
    const functions = { status: () => [status('one', line('stdout', '1')), status('two', line('stdout', '2'))] };
    const logOf = (name?: string) => functionViews(functions, name).log?.lines[0]?.text;
    expect([logOf('two'), logOf('gone'), logOf()]).toEqual(['2', '1', '1']);
    expect(functionViews(functions, undefined).functions[0]).not.toHaveProperty('lines');
    expect(functionViews({ status: () => [] }, 'one').log).toBeUndefined();
  });

  it('finds the last error among other lines, and no warning', () => {
    const lines = [
      line('stderr', 'first', 1),
      line('platform', 'second', 2),
      line('stderr', 'at\tid\tWARN\tcareful'),
      line('stderr', '{"level":"WARN","message":"careful"}'),
      line('stdout', 'fine'),
    ];
    expect(lastErrorOf(...lines)).toEqual({ text: 'second', atMs: 2 });
    expect(lastErrorOf(line('stdout', 'fine'))).toBeUndefined();
  });

  it.each([
    ['2026-11-22T00:00:00.000Z\tid\tERROR\tcannot post\n    at post', 'cannot post'],
    ['id\tERROR\t{"errorType":"TypeError","errorMessage":"no length","stack":[]}', 'TypeError: no length'],
    ['{"level":"ERROR","message":{"errorType":"Error","errorMessage":"no table"}}', 'Error: no table'],
    [
      '{"level":"ERROR","message":"cannot post","error":{"name":"Error","message":"no table"}}',
      'cannot post: Error: no table',
    ],
    ['{"level":"ERROR","message":"cannot post"}', 'cannot post'],
    ['{"broken', '{"broken'],
    ['{"other":1}', '{"other":1}'],
    [
      'RequestId: id Error: Task timed out after 3.00 seconds',
      'RequestId: id Error: Task timed out after 3.00 seconds',
    ],
  ])('says of %j what went wrong', (text, expected) => {
    expect(lastErrorOf(line('platform', text))?.text).toBe(expected);
  });

  it('cuts what is longer than 300 characters', () => {
    expect(lastErrorOf(line('platform', 'x'.repeat(300)))?.text).toBe('x'.repeat(300));
    expect(lastErrorOf(line('platform', 'x'.repeat(301)))?.text).toBe(`${'x'.repeat(300)}…`);
  });
});
