import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { SpillwayError } from '../../lib/spillway-error.ts';

describe('SpillwayError', () => {
  it('carries its code and the message as it was given', () => {
    const error = new SpillwayError('invalid-tier', "tier 'Free': name must be in lower case");
    expect(error).toMatchObject({
      name: 'SpillwayError',
      code: 'invalid-tier',
      message: "tier 'Free': name must be in lower case",
      constructPath: undefined,
    });
  });

  it('appends the path of the construct that refused', () => {
    const stack = new Stack(new App(), 'SpillwayDevService');
    const error = new SpillwayError('invalid-number', 'burst must be at least 1, got 0', stack);
    expect(error.message).toBe('burst must be at least 1, got 0 [SpillwayDevService]');
    expect(error.constructPath).toBe('SpillwayDevService');
  });

  it('says nothing of a path for the app itself, which has none', () => {
    expect(new SpillwayError('unknown-stage', "unknown stage 'nope'", new App()).message).toBe("unknown stage 'nope'");
  });
});
