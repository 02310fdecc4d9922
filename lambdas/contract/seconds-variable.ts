import * as v from 'valibot';

/** An environment variable that holds a time span in seconds. */
export const SecondsVariable = v.pipe(
  v.string(),
  v.regex(/^\d{1,10}$/, 'expected a whole number of seconds'),
  v.toNumber(),
  v.minValue(1),
);
