import { describe, expect, it } from 'vitest';
import { formatLogEntry, isLogged } from '../../../../../local/twin/functions/runtime/log-format.ts';

const text = { format: 'Text', level: 'INFO' } as const;
const json = { format: 'JSON', level: 'INFO' } as const;
const timestamp = '1970-01-01T00:00:00.001Z';
const entry = (...parameters: [unknown, ...unknown[]]) =>
  JSON.parse(formatLogEntry(json, 'ERROR', 'r-1', 1, ...parameters)) as Record<string, unknown>;

describe('formatLogEntry', () => {
  it('separates text by tabs, and formats as console does', () => {
    expect(formatLogEntry(text, 'INFO', 'r-1', 1, '%s of %d', 'two', 3, { a: 1 })).toBe(
      `${timestamp}\tr-1\tINFO\ttwo of 3 { a: 1 }`,
    );
  });

  it('keeps one value a value in JSON', () => {
    expect(entry({ a: [1] })).toEqual({ timestamp, level: 'ERROR', requestId: 'r-1', message: { a: [1] } });
  });

  it('formats several values into one message', () => {
    expect(entry('%s left', 2, 'now')).toMatchObject({ message: '2 left now' });
  });

  it('describes an error, alone, within a value, or beside a message', () => {
    const described = {
      errorType: 'RangeError',
      errorMessage: 'no',
      stackTrace: expect.arrayContaining(['RangeError: no']),
    };
    expect(entry(new RangeError('no')).message).toMatchObject(described);
    expect(entry({ cause: Object.assign(new RangeError('no'), { code: 'E1' }) }).message).toMatchObject({
      cause: { ...described, code: 'E1' },
    });
    expect(entry('failed', new RangeError('no'))).toMatchObject(described);
  });

  it('prints what has no JSON form as text', () => {
    expect(entry({ big: 1n }).message).toBe('{ big: 1n }');
  });
});

describe('isLogged', () => {
  it.each([
    [text, 'TRACE', true],
    [json, 'DEBUG', false],
    [json, 'INFO', true],
    [{ ...json, level: 'ERROR' } as const, 'WARN', false],
    [{ ...json, level: 'ERROR' } as const, 'FATAL', true],
  ] as const)('asks %o for an entry of level %s: %s', (settings, level, expected) => {
    expect(isLogged(settings, level)).toBe(expected);
  });
});
