import { Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { RequestCost } from '../../../lib/api/request-cost.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

describe('RequestCost', () => {
  it('is the same for every request, or what the handler reports', () => {
    expect(RequestCost.fixed(5)).toMatchObject({ units: 5, isReported: false });
    expect(RequestCost.reported({ reserve: 2 })).toMatchObject({ units: 2, isReported: true });
  });

  it.each([0, -1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on %d', (units) => {
    const message = (subject: string) => `${subject} must be a whole number of at least 1, got ${units}`;
    expect(() => RequestCost.fixed(units)).toThrow(
      new SpillwayError('invalid-cost', message('RequestCost.fixed: units')),
    );
    expect(() => RequestCost.reported({ reserve: units })).toThrow(
      new SpillwayError('invalid-cost', message('RequestCost.reported: reserve')),
    );
  });

  it('fails on what only CloudFormation will know', () => {
    expect(() => RequestCost.fixed(Token.asNumber({ Ref: 'Cost' }))).toThrow(
      new SpillwayError(
        'unknown-at-synth',
        'RequestCost.fixed: units must be known at synth, got a token; write the value itself',
      ),
    );
  });
});
