import type { Person } from '../../local/demo/api-client.ts';

/** Sends a request with a key by which it would be known if it came again. */
export async function sendOnce<T>({ client }: Person, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${client.baseUrl}${path}`, {
    method: 'POST',
    headers: { ...client.headers, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}
