import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Principal } from '../principal.ts';

/** Keys that AssumeRole or GetSessionToken gave, and for whom. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresMs: number;
  readonly principal: Principal;
}

/** A session is known for a while after its end, so that its caller is told that it expired. */
const REMEMBERED_MS = 3_600_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Temporary credentials, in memory: they end with the process. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  open(principal: Principal, seconds: number): Session {
    this.#forgetOld();
    const digits = [...randomBytes(16)].map((byte) => BASE32[byte & 31]).join('');
    const session: Session = {
      accessKeyId: `ASIA${digits}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
      expiresMs: this.#nowMs() + seconds * 1_000,
      principal,
    };
    this.#sessions.set(session.accessKeyId, session);
    return session;
  }

  /** The secret that belongs to a key; `undefined` where it is no session's. */
  secretOf(accessKeyId: string): string | undefined {
    return this.#sessions.get(accessKeyId)?.secretAccessKey;
  }

  /** Whose keys they are; `undefined` where they are no session's. @throws AwsError where the session has expired. */
  principalOf(accessKeyId: string | undefined): Principal | undefined {
    const session = accessKeyId === undefined ? undefined : this.#sessions.get(accessKeyId);
    if (!session) return undefined;
    if (session.expiresMs > this.#nowMs()) return session.principal;
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', {
      statusCode: 403,
      queryCode: 'ExpiredToken',
    });
  }

  #forgetOld(): void {
    const nowMs = this.#nowMs();
    for (const [key, { expiresMs }] of this.#sessions) {
      if (expiresMs + REMEMBERED_MS <= nowMs) this.#sessions.delete(key);
    }
  }
}
