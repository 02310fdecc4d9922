/** Where our own metrics are, each with the dimension `service`: the name of the function that counted. */
export const METRIC_NAMESPACE = 'Spillway';

/** Requests that would make a queue longer which is behind: by `Queue`, and by `Outcome`, of which `unknown` is a measurement that is too old. */
export const BEHIND_DECISIONS = 'BehindDecisions';

/** Decisions about requests that the store had no part in, because it was gone or too slow. */
export const DECISIONS_WITHOUT_STORE = 'DecisionsWithoutStore';
