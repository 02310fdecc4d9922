/** Decodes `%XX` once, as UTF-8; undefined where the encoding is broken. A `+` stays a plus, as in any path. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
