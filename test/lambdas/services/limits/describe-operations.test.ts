import { describe, expect, it } from 'vitest';
import type { Controls } from '../../../../lambdas/contract/controls.ts';
import type { BreakerStates } from '../../../../lambdas/contract/limits.ts';
import { describeOperations } from '../../../../lambdas/services/limits/describe-operations.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';

const TOLD: Controls = {
  version: 7,
  levers: { shedBelow: 'critical', breakers: { search: 'forced-open' } },
  unknownNames: ["breaker 'serch'"],
  overload: 0.5,
  causes: ['a queue'],
  shares: { 'global:all': [0.6, 0.4] },
  backlogs: { video: { ageSeconds: 90, waiting: 7, drainPerSecond: 1, arrivalsPerSecond: 0, measuredAtMs: 5 } },
  changes: [{ version: 2, changedAt: '2026-11-01T00:00:00.000Z', changedBy: 'arn:ada', levers: {} }],
};
const gone = () => Promise.reject(new Error('the store is gone'));

function setUp(controls: Controls | undefined, breakers: readonly BreakerStates[] = []) {
  const logger = new RecordingLogger();
  return {
    logger,
    controls: { remembered: async () => ({ controls, state: undefined, mark: '' }) },
    breakers: { read: async () => breakers },
    dependencies: { Feed: ['search'] },
  };
}

describe('describeOperations', () => {
  it('tells levers, who changed them, overload with its causes, shares, backlogs and breakers', async () => {
    const states: BreakerStates[] = [
      { service: 'Feed', dependency: 'search', shards: ['open'] },
      { service: 'Feed', dependency: 'mail', shards: ['closed'] },
    ];
    const { version: _, ...told } = TOLD;
    expect(await describeOperations(setUp(TOLD, states), undefined)).toEqual({
      isAlive: true,
      ...told,
      breakers: [{ service: 'Feed', dependency: 'search', shards: ['open'], forced: 'forced-open' }, states[1]],
    });
  });

  it('says so where the controller has said nothing', async () => {
    expect(await describeOperations(setUp(undefined), TOLD)).toEqual({
      ...{
        isAlive: false,
        levers: {},
        unknownNames: [],
        changes: [],
        overload: 0,
        causes: [],
        shares: {},
        backlogs: {},
        breakers: [],
      },
    });
  });

  it('goes by what was heard last while the store is gone, and knows nothing of breakers then', async () => {
    const dependencies = { ...setUp(undefined), controls: { remembered: gone }, breakers: { read: gone } };
    const { breakers, levers, isAlive } = await describeOperations(dependencies, TOLD);
    expect({ breakers, levers, isAlive }).toEqual({ breakers: undefined, levers: TOLD.levers, isAlive: true });
    expect(dependencies.logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'the store cannot be read'],
      ['warn', 'the store cannot be read'],
    ]);
  });
});
