const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** An element out of plain data: lists become `member`s, as the query protocol writes them. */
export function toXml(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((entry) => toXml('member', entry)).join('');
  if (value instanceof Map) {
    return [...value].map(([key, entry]) => `<entry>${toXml('key', key)}${toXml('value', entry)}</entry>`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, entry]) => toXml(name, entry))
      .join('');
  }
  return String(value).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
