/** The value of an environment variable that a construct sets; its absence ends the start of the function. */
export function requiredVariable(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`environment variable ${name} is not set`);
  return value;
}

/** As `requiredVariable`, for a number of seconds. */
export function requiredSeconds(environment: Readonly<Record<string, string | undefined>>, name: string): number {
  const value = requiredVariable(environment, name);
  const seconds = Number(value);
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new Error(`environment variable ${name} must be a whole number of at least 1, in seconds, got '${value}'`);
  }
  return seconds;
}
