/** An answer, its JSON body already parsed. */
export interface ApiAnswer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A person using the API over HTTP, as any client would. */
export class ApiClient {
  readonly baseUrl: string;
  readonly #token: string | undefined;

  constructor(baseUrl: string, token?: string) {
    this.baseUrl = baseUrl.replace(/\/$/, '');
    this.#token = token;
  }

  /** The headers that this client sends with each request. */
  get headers(): Record<string, string> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }

  /** Sends one request. Never throws for a status; throws where no answer comes. */
  async send<T>(method: string, path: string, body?: unknown): Promise<ApiAnswer<T>> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: body === undefined ? this.headers : { ...this.headers, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    };
  }

  /** Like `send`, for steps that have to succeed: throws with the answer in the message if the status is another one. */
  async expect<T>(status: number, method: string, path: string, body?: unknown): Promise<ApiAnswer<T>> {
    const answer = await this.send<T>(method, path, body);
    if (answer.status !== status) {
      throw new Error(
        `${method} ${path} answered ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`,
      );
    }
    return answer;
  }
}

/** A signed-up person with a valid token. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly client: ApiClient;
}

/** Signs a person up under an address of their own and logs them in. */
export async function signUpPerson(baseUrl: string, name: string): Promise<Person> {
  const email = `${name}.${crypto.randomUUID().slice(0, 8)}@example.com`;
  const password = `correct horse ${name} staple`;
  const anonymous = new ApiClient(baseUrl);
  const signup = await anonymous.expect<{ user: { id: string } }>(201, 'POST', '/signup', { email, password });
  const login = await anonymous.expect<{ access_token: string }>(200, 'POST', '/login', { email, password });
  return { id: signup.body.user.id, email, client: new ApiClient(baseUrl, login.body.access_token) };
}
