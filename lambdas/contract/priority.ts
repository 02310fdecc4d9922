/**
 * What a request is worth while not all can be served, most important first (Google SRE, "Handling Overload"): under
 * load SHEDDABLE goes first, and CRITICAL_PLUS last.
 */
export const PRIORITIES = ['critical-plus', 'critical', 'sheddable-plus', 'sheddable'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Priority of a route that names none. */
export const DEFAULT_PRIORITY: Priority = 'critical';
