/** `Application/JSON; charset=utf-8` → `application/json`. */
export function mediaType(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return undefined;
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Whether a `Content-Type` or the first type of an `Accept` header is one of the API's binary media types. */
export type IsBinary = (contentType: string | undefined) => boolean;

/** `image/*` and `*\/*` stand for many types; a slash may be written `~1`, as the API Gateway API does. */
export function binaryMediaTypes(types: readonly string[]): IsBinary {
  const known = new Set(types.map((type) => type.replaceAll('~1', '/').toLowerCase()));
  if (known.size === 0) return () => false;
  if (known.has('*/*')) return () => true;
  return (contentType) => {
    const type = mediaType(contentType);
    return type !== undefined && (known.has(type) || known.has(`${type.split('/')[0]}/*`));
  };
}

/**
 * Which of several templates an `Accept` header asks for: the first type in it that there is a template for, else JSON,
 * else the first template. Undefined where there is none at all.
 */
export function acceptedKey(byType: ReadonlyMap<string, unknown>, accept: string | undefined): string | undefined {
  const [first] = byType.keys();
  if (byType.size < 2) return first;
  for (const range of accept?.split(',') ?? []) {
    const type = mediaType(range) ?? '';
    if (byType.has(type)) return type;
  }
  return byType.has('application/json') ? 'application/json' : first;
}
