import { Duration } from 'aws-cdk-lib';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { DependencySpec } from '../../../lambdas/contract/admission-spec.ts';
import { Dependency, type DependencyProps, dependencySpecs } from '../../../lib/api/dependency.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const stack = flaggedStack();
const specs = (dependencies: Record<string, DependencyProps>) => dependencySpecs("service 'Shop'", dependencies, stack);
const fault = (rest: string) =>
  new SpillwayError('invalid-dependency', `service 'Shop': dependencies.payments.${rest}`, stack);

describe('Dependency', () => {
  it('is required or optional', () => {
    expect(Dependency.required('payments').spec).toEqual({ name: 'payments', required: true });
    expect(Dependency.optional('search').spec).toEqual({ name: 'search', required: false });
  });
});

describe('dependencySpecs', () => {
  it('leaves out what is as by default', () => {
    expect(specs({ payments: {} })).toEqual({ payments: {} });
    expect(specs({})).toEqual({});
  });

  it('travels to the handler in milliseconds and calls', () => {
    const { payments } = specs({
      payments: {
        failureRatio: 0.01,
        slowRatio: 0.8,
        slowAfter: Duration.millis(250),
        windowCalls: 50,
        minimumCalls: 10,
        openFor: Duration.seconds(30),
        halfOpenCalls: 3,
        timeout: Duration.seconds(1),
        attempts: 1,
      },
    });
    expect(v.parse(DependencySpec, JSON.parse(JSON.stringify(payments)))).toEqual({
      failureRatio: 0.01,
      slowRatio: 0.8,
      slowAfterMs: 250,
      window: 50,
      minimumCalls: 10,
      openMs: 30_000,
      halfOpenCalls: 3,
      timeoutMs: 1_000,
      attempts: 1,
    });
  });

  it.each(['failureRatio', 'slowRatio'])('fails on a %s that is no share', (field) => {
    for (const value of [0, -1, 1.01, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => specs({ payments: { [field]: value } })).toThrow(
        fault(`${field} must be a number between 0.01 and 1, got ${value}`),
      );
    }
  });

  it.each([
    ['windowCalls', 1_000, ''],
    ['minimumCalls', 1_000, ''],
    ['halfOpenCalls', 100, ''],
    ['attempts', 3, '; each retry adds to the load of what is failing'],
  ])('accepts a %s from 1 to %d, and fails on others', (field, most, hint) => {
    for (const value of [1, most]) expect(() => specs({ payments: { [field]: value } })).not.toThrow();
    for (const value of [0, -1, 1.5, most + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => specs({ payments: { [field]: value } })).toThrow(
        fault(`${field} must be a whole number between 1 and ${most}, got ${value}${hint}`),
      );
    }
  });

  it.each([
    ['slowAfter', 1, 900_000, '1 milli and 15 minutes'],
    ['timeout', 1, 900_000, '1 milli and 15 minutes'],
    ['openFor', 100, 3_600_000, '100 millis and 1 hour'],
  ])('accepts a %s from %d to %d ms, and fails on others', (field, least, most, bounds) => {
    for (const value of [least, most]) {
      expect(() => specs({ payments: { [field]: Duration.millis(value) } })).not.toThrow();
    }
    for (const value of [0, least - 0.5, least + 0.5, most + 1, Number.NaN]) {
      const duration = Duration.millis(value);
      const got = Number.isNaN(value) ? 'NaN' : duration.toHumanString();
      expect(() => specs({ payments: { [field]: duration } })).toThrow(
        fault(`${field} must be whole milliseconds between ${bounds}, got ${got}`),
      );
    }
  });

  it.each(['', 'Payments', 'a b', '1a', 'a'.repeat(33)])("fails on the name '%s'", (name) => {
    expect(() => specs({ [name]: {} })).toThrow(
      new SpillwayError(
        'invalid-dependency',
        `service 'Shop': dependencies must be named by lower-case letters, digits and hyphens, 32 at most, got '${name}'`,
        stack,
      ),
    );
  });
});
