import { describe, expect, it } from 'vitest';
import { FAILURE_BOUNDS_DEFAULT, isFailingAgain } from '../../../local/redrive/failure-guard.ts';

describe('isFailingAgain', () => {
  it.each([
    [4, 4, false],
    [5, 5, true],
    [50, 5, true],
    [51, 5, false],
    [0, 0, false],
  ])('of %i sent %i came back: %s', (sent, returned, isFailing) => {
    expect(isFailingAgain(FAILURE_BOUNDS_DEFAULT, sent, returned)).toBe(isFailing);
  });
});
