import { describe, expect, it } from 'vitest';
import { PRIORITIES } from '../../../lambdas/contract/priority.ts';
import { Priority, validatePriority } from '../../../lib/api/priority.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

describe('Priority', () => {
  it('has a member for each priority that handlers know, in their order', () => {
    expect(Object.values(Priority)).toEqual(PRIORITIES);
  });

  it.each([...PRIORITIES, undefined])('accepts %s', (priority) => {
    expect(() => validatePriority('x', priority)).not.toThrow();
  });

  it.each(['', 'high', 'CRITICAL'])("fails on '%s'", (priority) => {
    expect(() => validatePriority('x', priority)).toThrow(
      new SpillwayError(
        'invalid-priority',
        `x must be one of critical-plus, critical, sheddable-plus, sheddable, got '${priority}'; use a member of Priority`,
      ),
    );
  });
});
