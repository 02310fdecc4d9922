import { describe, expect, it } from 'vitest';
import { createControllerFixture } from '../../../support/controller-fixture.ts';
import type { LogLine } from '../../../support/recording-logger.ts';

const MINUTE_MS = 60_000;
const audits = (lines: readonly LogLine[]) => lines.filter((line) => line.audit === 'levers');

describe('readLevers', () => {
  it('keeps the levers that were valid last while the newest are not, and says what is wrong with those', async () => {
    const { run, parameter, counted, logger } = createControllerFixture();
    parameter.put('{"shedBelow":"critical"}');
    await run();
    counted.length = 0;
    parameter.put('{"shedBelow":"low"}');
    for (const afterMs of [0, MINUTE_MS]) {
      expect((await run(afterMs)).levers).toEqual({ shedBelow: 'critical' });
    }
    expect(counted).toEqual(['LeversInvalid', 'LeversInvalid']);
    expect(logger.lines.findLast(({ level }) => level === 'error')).toMatchObject({
      message: 'the levers are invalid; those that were valid last stay in force',
      parameter: '/dev/levers',
      version: 3,
      problem: expect.stringMatching(/^shedBelow: .*received "low"/),
    });
  });

  it('finds the last valid levers in the history where the store was lost as well', async () => {
    const { run, parameter, store } = createControllerFixture();
    parameter.put('{"shedBelow":"critical"}');
    parameter.put('no JSON');
    store.written = undefined;
    expect((await run()).levers).toEqual({ shedBelow: 'critical' });
  });

  it('takes new levers although their history cannot be read, and audits them when it can', async () => {
    const { run, parameter, logger } = createControllerFixture();
    await run();
    parameter.fails = 'history';
    parameter.put('{"shedBelow":"critical"}');
    expect((await run(MINUTE_MS)).levers).toEqual({ shedBelow: 'critical' });
    expect(audits(logger.lines)).toEqual([]);
    parameter.fails = 'nothing';
    await run(MINUTE_MS);
    expect(audits(logger.lines)).toHaveLength(1);
  });

  it('audits each change once: who, when, and what is different', async () => {
    const { run, parameter, logger, counted, clock } = createControllerFixture();
    await run();
    parameter.put('{"shedBelow":"critical"}', 'arn:ada');
    const changedAt = new Date(clock.now()).toISOString();
    parameter.put('{"scale":{"global:all":0.5}}', 'arn:bob');
    await run(MINUTE_MS);
    await run(MINUTE_MS);
    expect(audits(logger.lines)).toMatchObject([
      {
        version: 3,
        changedBy: 'arn:bob',
        changes: ['shedBelow: critical → none', "scale 'global:all': none → 0.5"],
      },
      { version: 2, changedBy: 'arn:ada', changedAt, changes: ['shedBelow: none → critical'] },
    ]);
    expect(counted).toEqual(['LeversChanged', 'LeversChanged']);
  });

  it('warns of names that the API does not have, and applies the rest', async () => {
    const { run, parameter, logger, counted } = createControllerFixture();
    await run();
    parameter.put('{"scale":{"global:al":0.5,"global:all":0.5},"breakers":{"serch":"disabled"}}');
    const told = await run(MINUTE_MS);
    expect(told).toMatchObject({
      levers: { scale: { 'global:al': 0.5, 'global:all': 0.5 }, breakers: { serch: 'disabled' } },
      unknownNames: ["scale 'global:al'", "breaker 'serch'"],
    });
    expect(audits(logger.lines)).toMatchObject([
      { level: 'warn', version: 2, unknownNames: told.unknownNames, whatToDo: expect.stringContaining('do nothing') },
    ]);
    // As long as they are in force, so that the alarm rings until somebody has mended them.
    await run(MINUTE_MS);
    expect(counted).toEqual(['LeversChanged', 'LeversUnknownName', 'LeversUnknownName']);
    parameter.put('{"scale":{"global:all":0.5}}');
    expect(await run(MINUTE_MS)).not.toHaveProperty('unknownNames');
    expect(audits(logger.lines)[1]).toMatchObject({ level: 'info', version: 3 });
    expect(audits(logger.lines)[1]).not.toHaveProperty('unknownNames');
    expect(counted.slice(3)).toEqual(['LeversChanged']);
  });

  it('audits the last hour again where nobody remembers, and not what is older', async () => {
    const { run, parameter, logger, clock, store } = createControllerFixture();
    parameter.put('{"shedBelow":"critical"}');
    clock.advance(3_600_000);
    parameter.put('{}');
    store.written = undefined;
    await run();
    expect(audits(logger.lines)).toMatchObject([{ version: 3 }]);
  });

  it('audits no old change as a new one where the levers could not be read after everything was forgotten', async () => {
    const { run, parameter, logger, clock, store } = createControllerFixture();
    parameter.put('{"shedBelow":"critical"}');
    clock.advance(2 * 60 * MINUTE_MS);
    store.written = undefined;
    parameter.fails = 'everything';
    await run();
    parameter.fails = 'nothing';
    await run(MINUTE_MS);
    expect(audits(logger.lines)).toEqual([]);
  });

  it('remembers the last ten changes, newest first, and reads the history only after another one', async () => {
    const { run, parameter } = createControllerFixture();
    for (let factor = 1; factor <= 12; factor += 1)
      parameter.put(JSON.stringify({ scale: { a: factor } }), `arn:${factor}`);
    const { changes } = await run();
    expect(changes.map(({ version }) => version)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
    expect(changes[0]).toMatchObject({ changedBy: 'arn:12', levers: { scale: { a: 12 } } });
    expect((await run(MINUTE_MS)).changes).toEqual(changes);
    expect(parameter.historyReads).toBe(1);
  });
});
