import { ApiClient, type Person } from '../../local/demo/api-client.ts';

/** The person with a new token, which says what has been granted since; `name` as it was signed up. */
export async function logInAgain(person: Person, name: string): Promise<Person> {
  const { baseUrl } = person.client;
  const credentials = { email: person.email, password: `correct horse ${name} staple` };
  const login = await new ApiClient(baseUrl).expect<{ access_token: string }>(200, 'POST', '/login', credentials);
  return { ...person, client: new ApiClient(baseUrl, login.body.access_token) };
}
