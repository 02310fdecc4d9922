/** Values of one condition key; `undefined` where the request does not have it. */
export type Values = string | readonly string[] | undefined;

/** The request's condition keys, asked by name in lower case: IAM compares names without regard to case. */
export type Context = (key: string) => Values;

export const NO_CONTEXT: Context = () => undefined;
