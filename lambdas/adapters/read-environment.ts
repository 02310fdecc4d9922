import * as v from 'valibot';

/** `process.env`, or what a test puts in its place. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable's value; a missing or empty one stops the function at start-up, with a sentence that names it. */
export function readVariable(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new RangeError(`environment variable ${name} is missing`);
  return value;
}

/** The variable's value as the schema sees it; a broken one stops the function at start-up. */
export function parseVariable<const S extends v.GenericSchema<string, unknown>>(
  environment: Environment,
  name: string,
  schema: S,
): v.InferOutput<S> {
  const result = v.safeParse(schema, readVariable(environment, name), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new RangeError(`environment variable ${name}${path === null ? '' : `, at ${path}`}: ${issue.message}`);
}
