import { type ApiAnswer, ApiClient } from '../demo/api-client.ts';
import { waitFor } from '../demo/wait-for.ts';

/** An answer, or status 0 where none came. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const NO_ANSWER: Answer = { status: 0, body: {} };
/** API Gateway answers after 29 seconds at the latest. */
const TIMEOUT_MS = 32_000;
/** After an overload it takes some seconds until all are admitted again. */
const ADMITTED_WITHIN_MS = 60_000;
const RETRY_MS = 1_000;

interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** Somebody who uses the API for days, and so has to renew the token now and then. */
export class Person {
  readonly id: string;
  readonly email: string;
  readonly #anonymous: ApiClient;
  readonly #login: { readonly email: string; readonly password: string };
  #token = '';
  #refreshToken: string | undefined;

  private constructor(anonymous: ApiClient, id: string, login: { readonly email: string; readonly password: string }) {
    this.id = id;
    this.email = login.email;
    this.#anonymous = anonymous;
    this.#login = login;
  }

  /** Signs somebody up, and logs them in. */
  static async signUp(baseUrl: string, name: string): Promise<Person> {
    const login = {
      email: `${name}.${crypto.randomUUID().slice(0, 8)}@example.com`,
      password: `a ${name} of the soak`,
    };
    const anonymous = new ApiClient(baseUrl);
    const { body } = await anonymous.expect<{ user: { id: string } }>(201, 'POST', '/signup', login);
    const person = new Person(anonymous, body.user.id, login);
    await person.renew();
    return person;
  }

  /** Has a new token from now on, without a password to hash where that is possible. Comes again for as long as there is too much to do. */
  async renew(): Promise<void> {
    await waitFor(
      async () => {
        const answer = await this.#ask();
        // A token whose answer was lost is good for nothing any more.
        if (answer.status === 401) this.#refreshToken = undefined;
        if (answer.status !== 200) return undefined;
        this.#token = answer.body.access_token;
        this.#refreshToken = answer.body.refresh_token;
        return true;
      },
      ADMITTED_WITHIN_MS,
      `${this.email} got no token`,
      RETRY_MS,
    );
  }

  #ask(): Promise<ApiAnswer<TokenAnswer>> {
    if (this.#refreshToken === undefined) return this.#anonymous.send('POST', '/login', this.#login);
    return this.#anonymous.send('POST', '/token/refresh', { refresh_token: this.#refreshToken });
  }

  /** Sends one request, under a key if there is one. Never rejects. */
  async send(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    try {
      const response = await fetch(`${this.#anonymous.baseUrl}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    } catch {
      return NO_ANSWER;
    }
  }
}
