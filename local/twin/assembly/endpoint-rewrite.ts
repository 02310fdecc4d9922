/** Replaces deployed endpoints in a value by local ones; returns a value of the same shape. */
export type RewriteEndpoints = <T>(value: T) => T;

/** One deployed endpoint and what stands for it on this machine. */
export interface EndpointRule {
  /** Start of the deployed URL, without a trailing slash. */
  readonly deployed: string;
  /** Start of the local URL, without a trailing slash. */
  readonly local: string;
}

/**
 * Rewrites the endpoints in every string of a value, also where they stand inside of JSON text. The longest deployed
 * endpoint is tried first, so that a stage's URL wins over its API's.
 */
export function endpointRewrite(rules: readonly EndpointRule[]): RewriteEndpoints {
  const ordered = [...rules].sort((a, b) => b.deployed.length - a.deployed.length);
  const rewriteText = (text: string): string =>
    ordered.reduce((current, { deployed, local }) => current.replaceAll(deployed, local), text);
  const rewrite = (value: unknown): unknown => {
    if (typeof value === 'string') return rewriteText(value);
    if (Array.isArray(value)) return value.map(rewrite);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rewrite(entry)]));
  };
  return <T>(value: T): T => rewrite(value) as T;
}
