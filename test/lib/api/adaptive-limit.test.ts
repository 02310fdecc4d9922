import { Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimit, type AdaptiveLimitProps } from '../../../lib/api/adaptive-limit.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const scope = flaggedStack();
const spec = (limit: AdaptiveLimit, reservedConcurrency?: number, shards = 1) =>
  limit.spec({ subject: "service 'Feed'", reservedConcurrency, shards, scope });
const gradient = (props: AdaptiveLimitProps, reserved?: number, shards?: number) =>
  spec(AdaptiveLimit.gradient(props), reserved, shards);
const fault = (rest: string) => new SpillwayError('invalid-adaptive-limit', `service 'Feed': ${rest}`, scope);

describe('AdaptiveLimit', () => {
  it('is a gradient or AIMD, from 20 to 200 unless told otherwise', () => {
    expect(spec(AdaptiveLimit.gradient())).toEqual({ algorithm: 'gradient', min: 20, max: 200, initial: 110 });
    expect(spec(AdaptiveLimit.aimd({ min: 5, max: 50, initial: 10 }))).toEqual({
      algorithm: 'aimd',
      min: 5,
      max: 50,
      initial: 10,
    });
  });

  it('is nothing where it is off', () => {
    expect(spec(AdaptiveLimit.off())).toBeUndefined();
  });

  it('stays within the reserved concurrency by itself', () => {
    expect(gradient({}, 100)).toMatchObject({ min: 20, max: 100, initial: 60 });
    expect(gradient({}, 10)).toMatchObject({ min: 10, max: 10, initial: 10 });
    expect(gradient({}, 300)).toMatchObject({ max: 200 });
    expect(gradient({}, Token.asNumber({ Ref: 'Reserved' }))).toMatchObject({ max: 200 });
  });

  it('leaves each shard room for a request by itself', () => {
    expect(gradient({}, undefined, 64)).toMatchObject({ min: 64, max: 200 });
  });

  it('accepts a maximum of just the reserved concurrency, and fails on one more', () => {
    expect(gradient({ max: 100 }, 100)).toMatchObject({ max: 100 });
    expect(() => gradient({ max: 101 }, 100)).toThrow(
      fault(
        'adaptiveLimit.max must be a whole number between 1 and 100, got 101; it lies between admissionShards and reservedConcurrency',
      ),
    );
  });

  it.each([0, -1, 1.5, 100_001, Number.NaN, Number.POSITIVE_INFINITY])('fails on a maximum of %d', (max) => {
    expect(() => gradient({ max })).toThrow(
      fault(
        `adaptiveLimit.max must be a whole number between 1 and 100000, got ${max}; it lies between admissionShards and what an account may have`,
      ),
    );
  });

  it.each([0, -1, 1.5, 201, Number.NaN, Number.POSITIVE_INFINITY])('fails on a minimum of %d', (min) => {
    expect(() => gradient({ min })).toThrow(
      fault(
        `adaptiveLimit.min must be a whole number between 1 and 200, got ${min}; it lies between admissionShards, of which each needs room for a request, and max`,
      ),
    );
  });

  it.each([19, 201, 20.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on beginning at %d', (initial) => {
    expect(() => gradient({ initial })).toThrow(
      fault(
        `adaptiveLimit.initial must be a whole number between 20 and 200, got ${initial}; it lies between min and max`,
      ),
    );
  });

  it('fails where a shard would have no room for a request', () => {
    expect(() => gradient({ min: 3 }, undefined, 4)).toThrow(/min must be a whole number between 4 and 200, got 3;/);
    expect(() => gradient({}, 3, 4)).toThrow(
      fault('reservedConcurrency must be at least 4, a request for each of the admissionShards, got 3'),
    );
  });
});
