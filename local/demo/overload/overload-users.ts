import { setTimeout as delay } from 'node:timers/promises';
import { type ApiAnswer, ApiClient } from '../api-client.ts';

export interface OverloadUser {
  readonly client: ApiClient;
}

/**
 * As many as it takes for some to be served and some not: callers of one priority are shed in the order of a hash of theirs,
 * so that one user alone would be served always or never.
 */
export const USERS = 16;
/** Hashing a password takes a good part of a second of one core. */
const AT_ONCE = 2;
const ATTEMPTS_MAX = 20;

/** Signs up users and logs them in, no faster than the API lets one address. */
export async function signUpUsers(baseUrl: string, signal: AbortSignal): Promise<readonly OverloadUser[]> {
  const anonymous = new ApiClient(baseUrl);
  const users: OverloadUser[] = [];
  let begun = 0;
  const signUp = async (): Promise<void> => {
    while (begun < USERS && !signal.aborted) {
      begun += 1;
      const email = `drill.${crypto.randomUUID().slice(0, 8)}@example.com`;
      const password = `correct horse ${begun} staple`;
      await patiently(() => anonymous.send('POST', '/signup', { email, password }), 201, signal);
      const login = await patiently(() => anonymous.send('POST', '/login', { email, password }), 200, signal);
      const { access_token: token } = login.body as { readonly access_token: string };
      users.push({ client: new ApiClient(baseUrl, token) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, signUp));
  return users;
}

/** Asks again as long as it is told that it is too early. */
async function patiently(send: () => Promise<ApiAnswer>, wanted: number, signal: AbortSignal): Promise<ApiAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send();
    if (answer.status === wanted) return answer;
    const isEarly = answer.status === 429 || answer.status === 503;
    if (!isEarly || attempt === ATTEMPTS_MAX) {
      throw new Error(`expected ${wanted} at sign-up, got ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    await delay(1_000 * Math.min(30, Math.max(1, seconds)), undefined, { signal });
  }
}
