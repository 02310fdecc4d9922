import { ApiClient } from '../demo/api-client.ts';

/** An answer, or status 0 where none came. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const NO_ANSWER: Answer = { status: 0, body: {} };
/** API Gateway answers after 29 seconds at the latest. */
const TIMEOUT_MS = 32_000;

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
  #refreshToken = '';

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
    await person.logIn();
    return person;
  }

  /** Has a new token from now on. */
  async logIn(): Promise<void> {
    this.#take((await this.#anonymous.expect<TokenAnswer>(200, 'POST', '/login', this.#login)).body);
  }

  /** Has a new token from now on, without a password to hash where that is possible. */
  async renew(): Promise<void> {
    const token = { refresh_token: this.#refreshToken };
    const { status, body } = await this.#anonymous.send<TokenAnswer>('POST', '/token/refresh', token);
    if (status === 200) this.#take(body);
    else await this.logIn();
  }

  #take({ access_token, refresh_token }: TokenAnswer): void {
    this.#token = access_token;
    this.#refreshToken = refresh_token;
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
