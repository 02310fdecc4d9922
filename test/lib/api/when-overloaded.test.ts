import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { PARK_SECONDS_MAX, PARK_SECONDS_MIN } from '../../../lambdas/contract/parked.ts';
import { Park, Shed } from '../../../lib/api/when-overloaded.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

describe('Shed', () => {
  it('parks nothing', () => {
    expect(Shed.parkFor).toBeUndefined();
  });
});

describe('Park', () => {
  it.each([PARK_SECONDS_MIN, 300, PARK_SECONDS_MAX])('holds a request for up to %d seconds', (seconds) => {
    expect(Park.for(Duration.seconds(seconds)).parkFor.toSeconds()).toBe(seconds);
  });

  it.each([
    Duration.seconds(0),
    Duration.millis(PARK_SECONDS_MIN * 1_000 - 1),
    Duration.millis(1_500),
    Duration.seconds(PARK_SECONDS_MAX + 1),
  ])('fails on %s', (longest) => {
    expect(() => Park.for(longest)).toThrow(
      new SpillwayError(
        'invalid-duration',
        `Park.for: longest must be whole seconds between ${Duration.seconds(PARK_SECONDS_MIN).toHumanString()} and ` +
          `${Duration.seconds(PARK_SECONDS_MAX).toHumanString()}, got ${longest.toHumanString()}; use Shed where nobody would wait`,
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('fails on %d seconds', (seconds) => {
    expect(() => Park.for(Duration.seconds(seconds))).toThrow(`got ${seconds}; use Shed where nobody would wait`);
  });
});
