const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A document of S3: a list is its element, repeated; what is `undefined` is left out. */
export function s3Xml(root: string, value: unknown, isNamed = true): string {
  const namespace = isNamed ? ` xmlns="${NAMESPACE}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${content(value)}</${root}>`;
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((entry) => element(name, entry)).join('');
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, entry]) => element(name, entry))
      .join('');
  }
  // Control characters are not XML 1.0, but keys may have them: as references, which parsers accept.
  return String(value)
    .replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
    .replaceAll(/\p{Cc}/gu, (character) => `&#${character.charCodeAt(0)};`);
}
