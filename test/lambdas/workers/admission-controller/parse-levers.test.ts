import { describe, expect, it } from 'vitest';
import { parseLevers } from '../../../../lambdas/workers/admission-controller/parse-levers.ts';

describe('parseLevers', () => {
  it('takes everything that an operator may set, and nothing at all', () => {
    const levers = {
      shedBelow: 'critical',
      scale: { 'POST /api/feed:user': 0.5 },
      breakers: { search: 'forced-open' },
      reason: 'incident 7',
    };
    expect(parseLevers(JSON.stringify(levers))).toEqual({ levers });
    expect(parseLevers('{}')).toEqual({ levers: {} });
  });

  it.each([
    ['{', /^Invalid JSON/],
    ['[]', /Object/],
    ['{"shedBelow":"low"}', /^shedBelow: .*"sheddable".*received "low"/],
    ['{"scale":{"a":-1}}', /^scale\.a: .*>=0.*received -1/],
    ['{"scale":{"a":101}}', /^scale\.a: .*<=100.*received 101/],
    ['{"breakers":{"search":"open"}}', /^breakers\.search: .*"forced-open".*received "open"/],
    ['{"shedbelow":"critical"}', /^shedbelow: /],
    ['{"scale":{"__proto__":0.5}}', /nothing may be called __proto__/],
    ['{"breakers":{"constructor" : "disabled"}}', /nothing may be called __proto__/],
  ])('fails for %s, and names what is wrong', (text, problem) => {
    expect(parseLevers(text).problem).toMatch(problem);
  });
});
