import { describe, expect, it } from 'vitest';
import { planPhases } from '../../../../local/demo/overload/phases.ts';
import { SLOW_INDEX, SlowIndex } from '../../../../local/demo/overload/slow-index.ts';

const phases = planPhases(1.4);

function setUp(...statuses: number[]) {
  const set: unknown[] = [];
  const send = async <T>(_method: string, _path: string, body?: unknown) => {
    set.push(body);
    return { status: statuses.shift() ?? 200, headers: new Headers(), body: {} as T };
  };
  return { set, index: new SlowIndex({ send }, phases) };
}

describe('SlowIndex', () => {
  it('is slow in its phase and well before and after, set once for each', async () => {
    const { set, index } = setUp();
    for (let second = 0; second < 84; second += 1) await index.follow(second);
    expect(set).toEqual([SLOW_INDEX, { latencyMs: 50, failureRatio: 0 }]);
  });

  it('is set again where it could not be', async () => {
    const { set, index } = setUp(503, 500, 200);
    await index.heal();
    expect(set).toHaveLength(3);
  });

  it('fails after five times', async () => {
    const { index } = setUp(503, 503, 503, 503, 503);
    await expect(index.heal()).rejects.toThrow('PUT /api/drill/dependency answered 503');
  });

  it.each([403, 404])('fails for %s with what to do', async (status) => {
    const { index } = setUp(status);
    await expect(index.heal()).rejects.toThrow(/its stage has no drill service; set 'drill' in bin\/stages\.ts/);
  });
});
