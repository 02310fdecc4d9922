import { s3Error } from '../s3-error.ts';

/** An element of a request: its text, or what is in it. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const TOKEN =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads the small documents that S3 takes (CompleteMultipartUpload, Delete): elements and text, without attributes, which
 * say nothing there. @throws AwsError MalformedXML
 */
export function readXml(text: string): XmlElement {
  const root: { name: string; text: string; children: XmlElement[] } = { name: '', text: '', children: [] };
  const open = [root];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    const parent = open.at(-1);
    if (!match || !parent) throw malformed();
    const [, slash, name, , isEmpty, characters] = match;
    if (characters !== undefined) parent.text += unescaped(characters);
    if (name === undefined) continue;
    const local = name.slice(name.indexOf(':') + 1);
    if (slash === '/') {
      if (open.length === 1 || parent.name !== local) throw malformed();
      open.pop();
      continue;
    }
    const element = { name: local, text: '', children: [] };
    parent.children.push(element);
    if (isEmpty !== '/') open.push(element);
  }
  const [only] = root.children;
  if (open.length > 1 || !only || root.children.length > 1) throw malformed();
  return only;
}

/** The text of a child; undefined where there is none. */
export function childText({ children }: XmlElement, name: string): string | undefined {
  return children.find((child) => child.name === name)?.text;
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hexadecimal, name) => {
    if (name !== undefined) return NAMED[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function malformed(): Error {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return s3Error('MalformedXML', message);
}
