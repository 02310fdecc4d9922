export const QUOTA_PERIODS = ['DAY', 'WEEK', 'MONTH'] as const;
export type QuotaPeriod = (typeof QUOTA_PERIODS)[number];

const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday, the fifth day of a week that starts on Sunday. */
const EPOCH_WEEKDAY = 4;

/**
 * When the calendar period that contains `nowMs` began, in milliseconds since 1970, UTC. Weeks begin on Sunday, months
 * on the first. Arithmetic only: the simulator runs this on a virtual clock.
 */
export function periodStartMs(period: QuotaPeriod, nowMs: number): number {
  const day = Math.floor(nowMs / DAY_MS);
  switch (period) {
    case 'DAY':
      return day * DAY_MS;
    case 'WEEK':
      return (day - positiveModulo(day + EPOCH_WEEKDAY, 7)) * DAY_MS;
    case 'MONTH':
      return (day - dayOfMonth(day)) * DAY_MS;
  }
}

/**
 * Days since the first of the month, from days since 1970-01-01. Years are counted from 1 March, so that the leap day
 * is the last of its year and months follow the 153-days-in-five pattern (H. Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms", civil_from_days).
 */
function dayOfMonth(daysSinceEpoch: number): number {
  const days = daysSinceEpoch + 719_468;
  const dayOfEra = positiveModulo(days, 146_097);
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  return dayOfYear - Math.floor((153 * month + 2) / 5);
}

function positiveModulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}
