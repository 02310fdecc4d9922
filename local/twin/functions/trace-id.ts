import { randomBytes } from 'node:crypto';

/**
 * The X-Ray trace header of an invocation: the caller's, where it gives a root, with what it leaves out; else a new one.
 * `Root=1-<seconds, hexadecimal>-<24 digits>;Parent=<16 digits>;Sampled=<0 or 1>`.
 */
export function traceHeader(given: string | undefined, nowMs: number): string {
  if (given?.includes('Root=')) {
    if (given.includes('Parent=') && given.includes('Sampled=')) return given;
    const parent = given.includes('Parent=') ? '' : `;Parent=${randomBytes(8).toString('hex')}`;
    const sampled = given.includes('Sampled=') ? '' : ';Sampled=1';
    return given + parent + sampled;
  }
  const id = randomBytes(20).toString('hex');
  const seconds = Math.floor(nowMs / 1_000).toString(16);
  return `Root=1-${seconds}-${id.slice(0, 24)};Parent=${id.slice(24)};Sampled=1`;
}
