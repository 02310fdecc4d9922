import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { type AdmissionOptions, storeAccess } from '../../../lib/api/admission-options.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const stack = flaggedStack();
const access = (options: Partial<AdmissionOptions>) => storeAccess({ onStoreFailure: 'local', ...options }, stack);

describe('storeAccess', () => {
  it('waits 50 ms for a store in one part, unless told otherwise', () => {
    expect(access({})).toEqual({ onStoreFailure: 'local', storeTimeoutMs: 50, shards: 1 });
    expect(access({ onStoreFailure: 'deny', storeTimeout: Duration.millis(5), admissionShards: 8 })).toEqual({
      onStoreFailure: 'deny',
      storeTimeoutMs: 5,
      shards: 8,
    });
  });

  it.each([
    ['maybe', "'maybe'"],
    [undefined, 'nothing'],
  ])('fails on the policy %s', (onStoreFailure, got) => {
    expect(() => storeAccess({ onStoreFailure } as unknown as AdmissionOptions, stack)).toThrow(
      new SpillwayError('invalid-policy', `api: onStoreFailure must be one of allow, deny, local, got ${got}`, stack),
    );
  });

  it('accepts a wait of a millisecond and of a second', () => {
    expect(access({ storeTimeout: Duration.millis(1) }).storeTimeoutMs).toBe(1);
    expect(access({ storeTimeout: Duration.seconds(1) }).storeTimeoutMs).toBe(1_000);
  });

  it.each([
    [Duration.millis(0), '0 millis'],
    [Duration.millis(0.5), '0.5 millis'],
    [Duration.millis(1.5), '1.5 millis'],
    [Duration.millis(1_001), '1 second 1 milli'],
    [Duration.millis(Number.NaN), 'NaN'],
    [Duration.millis(Number.POSITIVE_INFINITY), 'Infinity'],
  ])('fails on a wait of %s', (storeTimeout, got) => {
    expect(() => access({ storeTimeout })).toThrow(
      new SpillwayError(
        'invalid-duration',
        `api: storeTimeout must be whole milliseconds between 1 milli and 1 second, got ${got}`,
        stack,
      ),
    );
  });

  it.each([1, 64])('accepts %d shards', (admissionShards) => {
    expect(access({ admissionShards }).shards).toBe(admissionShards);
  });

  it.each([0, -1, 1.5, 65, Number.NaN, Number.POSITIVE_INFINITY])('fails on %d shards', (admissionShards) => {
    expect(() => access({ admissionShards })).toThrow(
      new SpillwayError(
        'invalid-number',
        `api: admissionShards must be a whole number between 1 and 64, got ${admissionShards}; leave it out for one`,
        stack,
      ),
    );
  });
});
