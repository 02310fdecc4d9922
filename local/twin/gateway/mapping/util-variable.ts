import { printValue } from './print-value.ts';

const text = (value: unknown) => (value === undefined || value === null ? '' : printValue(value));

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "'": "\\'",
  '/': '\\/',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * `$util` (developer guide, "Variables for data transformations"). Escaping is that of Apache Commons, single quotes
 * included: a template that wants JSON turns `\'` back itself. URL encoding is that of forms: a space is a plus.
 */
export const UTIL: Readonly<Record<string, (value: unknown) => unknown>> = {
  base64Decode: (value) => Buffer.from(text(value), 'base64').toString(),
  base64Encode: (value) => Buffer.from(text(value)).toString('base64'),
  escapeJavaScript: (value) =>
    text(value).replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped.
      /["'/\\]|[\u0000-\u001f]|[^\u0000-\u007f]/g,
      (character) => ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
    ),
  parseJson: (value) => JSON.parse(text(value)),
  urlDecode: (value) => decodeURIComponent(text(value).replaceAll('+', ' ')),
  urlEncode: (value) =>
    encodeURIComponent(text(value))
      .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+'),
};
