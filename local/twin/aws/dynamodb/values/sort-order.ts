import type { AttributeValue } from './attribute-value.ts';
import { orderedNumber } from './decimal.ts';

/**
 * Keys are kept as text that JavaScript compares as DynamoDB compares the values: strings by their UTF-8 bytes, numbers by
 * value, binaries by unsigned bytes. Parts of a key are joined: each ends with a terminator that sorts before whatever a longer
 * part has in its place.
 */
export const TERMINATOR = '\0\0';
/** Sorts after all keys whose part ended where this stands, and before or at those whose part goes on. */
export const AFTER_TERMINATOR = '\0\u0001';

/** One part of a key, without its terminator. */
export function orderedPart(value: AttributeValue): string {
  if (value.S !== undefined) return escapeZeros(orderedText(value.S));
  if (value.N !== undefined) return orderedNumber(value.N);
  return escapeZeros(Buffer.from(value.B ?? '', 'base64').toString('latin1'));
}

/** A zero within a part must not be taken for the terminator. */
export function escapeZeros(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', AFTER_TERMINATOR) : text;
}

/**
 * JavaScript compares UTF-16 units, and surrogates sort before U+E000 to U+FFFF there: moving both ranges makes the order that
 * of code points, which is that of UTF-8.
 */
export function orderedText(text: string): string {
  if (!/[\ud800-\uffff]/.test(text)) return text;
  let ordered = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    ordered += String.fromCharCode(unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
  }
  return ordered;
}

/** The first text after all those that begin with `prefix`; `undefined` where there is none. */
export function afterPrefix(prefix: string): string | undefined {
  for (let at = prefix.length - 1; at >= 0; at -= 1) {
    const unit = prefix.charCodeAt(at);
    if (unit < 0xffff) return prefix.slice(0, at) + String.fromCharCode(unit + 1);
  }
  return undefined;
}
