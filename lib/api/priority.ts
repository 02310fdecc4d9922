import { PRIORITIES, type Priority as PriorityValue } from '../../lambdas/contract/priority.ts';
import { SpillwayError } from '../spillway-error.ts';

/**
 * What a request is worth while not all can be served (Google SRE, "Handling Overload"): SHEDDABLE goes first, and
 * CRITICAL_PLUS last.
 */
export const Priority = {
  /** What must not fail, such as a payment: a small part of the traffic. */
  CRITICAL_PLUS: 'critical-plus',
  /** What users wait for, such as a checkout. The default. */
  CRITICAL: 'critical',
  /** What they can do without for minutes, such as a feed. */
  SHEDDABLE_PLUS: 'sheddable-plus',
  /** What can come later or not at all, such as a recommendation. */
  SHEDDABLE: 'sheddable',
} as const satisfies Record<string, PriorityValue>;
export type Priority = PriorityValue;

/** @throws SpillwayError for a priority that there is not, as from a value that is typed loosely */
export function validatePriority(subject: string, priority: string | undefined): void {
  if (priority === undefined || PRIORITIES.some((known) => known === priority)) return;
  throw new SpillwayError(
    'invalid-priority',
    `${subject} must be one of ${PRIORITIES.join(', ')}, got '${priority}'; use a member of Priority`,
  );
}
