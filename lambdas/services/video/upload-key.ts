import { hash } from 'node:crypto';
import { ULID_PATTERN } from '../../contract/ulid-pattern.ts';

/** Subjects that can stand in a key, or name a group of messages, as they are; our own are ULIDs. */
const PLAIN = /^[\w-]{1,64}$/;

/** Where a caller's upload lies, and what names it in requests: `uploads/<caller>/<id>`. */
export function uploadKey(sub: string, uploadId: string): string {
  return `${prefixOf(sub)}${uploadId}`;
}

/** Whether it names an upload of the caller's. Whether that has ever come is another question. */
export function isOwnUpload(sub: string, source: string): boolean {
  const prefix = prefixOf(sub);
  return source.startsWith(prefix) && ULID_PATTERN.test(source.slice(prefix.length));
}

/** Other issuers' subjects may hold anything, slashes and dots too; `=` keeps digests apart from plain ones. */
export function callerName(sub: string): string {
  return PLAIN.test(sub) ? sub : `=${hash('sha256', sub, 'hex')}`;
}

function prefixOf(sub: string): string {
  return `uploads/${callerName(sub)}/`;
}
