import { grantAdmin } from '../../bin/grant-admin.ts';
import { ApiClient, type Person } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';

/** Somebody who has signed up, and has no token yet. */
export interface Account {
  readonly email: string;
  readonly password: string;
  /** The person with a new token, which says what has been granted so far. */
  readonly logIn: () => Promise<Person>;
}

/** Signs somebody up under an address of their own. */
export async function signUpAccount({ apiUrl }: Pick<Twin, 'apiUrl'>, name: string): Promise<Account> {
  const email = `${name}.${crypto.randomUUID().slice(0, 8)}@example.com`;
  const password = `correct horse ${name} staple`;
  const anonymous = new ApiClient(apiUrl);
  const { body } = await anonymous.expect<{ user: { id: string } }>(201, 'POST', '/signup', { email, password });
  const logIn = async () => {
    const login = await anonymous.expect<{ access_token: string }>(200, 'POST', '/login', { email, password });
    return { id: body.user.id, email, client: new ApiClient(apiUrl, login.body.access_token) };
  };
  return { email, password, logIn };
}

/** Signs an administrator up, as the command does that grants it. */
export async function signUpAdministrator(twin: Twin): Promise<Person> {
  const account = await signUpAccount(twin, 'root');
  await grantAdmin({ email: account.email, revoke: false, stage: 'dev', endpoint: twin.awsEndpointUrl });
  return account.logIn();
}
