import { describe, expect, it } from 'vitest';
import { StreamCapacity } from '../../../lib/messaging/stream-capacity.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

describe('StreamCapacity', () => {
  const stack = flaggedStack();

  it.each([1, 10_000])('takes %d shards', (shards) => {
    expect(() => StreamCapacity.provisioned({ shards }).validate(stack)).not.toThrow();
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10_001])('fails on %d shards', (shards) => {
    expect(() => StreamCapacity.provisioned({ shards }).validate(stack)).toThrow(
      `event stream: shards must be a whole number between 1 and 10000, got ${shards} [Stack]`,
    );
  });

  it.each([1, 10_240])('takes a warm throughput of %d MiB/s', (warmMebibytesPerSecond) => {
    expect(() => StreamCapacity.onDemand({ warmMebibytesPerSecond }).validate(stack)).not.toThrow();
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10_241])(
    'fails on a warm throughput of %d MiB/s',
    (warmMebibytesPerSecond) => {
      expect(() => StreamCapacity.onDemand({ warmMebibytesPerSecond }).validate(stack)).toThrow(
        `event stream: warmMebibytesPerSecond must be a whole number between 1 and 10240, got ${warmMebibytesPerSecond} [Stack]`,
      );
    },
  );
});
