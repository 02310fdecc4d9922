import { createHash } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';

/** A token makes a transaction idempotent for ten minutes after it was carried out. */
const REMEMBERED_MS = 10 * 60_000;

/** Tokens of transactions that were carried out, the oldest first. */
export class RequestTokens {
  readonly #nowMs: () => number;
  readonly #tokens = new Map<string, { readonly fingerprint: string; readonly atMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Whether a transaction with this token was carried out already.
   *
   * @throws AwsError IdempotentParameterMismatchException where it was another transaction.
   */
  isRepeated(token: string, content: unknown): boolean {
    this.#forgetOld();
    const known = this.#tokens.get(token);
    if (!known) return false;
    if (known.fingerprint === fingerprintOf(content)) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token ' +
        'with different requests, unless the requests are identical',
    );
  }

  remember(token: string, content: unknown): void {
    this.#tokens.set(token, { fingerprint: fingerprintOf(content), atMs: this.#nowMs() });
  }

  #forgetOld(): void {
    const oldestMs = this.#nowMs() - REMEMBERED_MS;
    for (const [token, { atMs }] of this.#tokens) {
      if (atMs > oldestMs) return;
      this.#tokens.delete(token);
    }
  }
}

/** The SDK gives every transaction a token: digests keep ten minutes of them small. */
function fingerprintOf(content: unknown): string {
  return createHash('sha1').update(JSON.stringify(content)).digest('base64');
}
