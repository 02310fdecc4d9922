import { type OfferedOutcome, offerAtRate } from '../load/offer-at-rate.ts';
import { ApiClient, type Person, signUpPerson } from './api-client.ts';
import { textTable } from './text-table.ts';
import { waitFor } from './wait-for.ts';

interface Page<T> {
  readonly items: readonly T[];
}

/** Prints one line of the demo. */
export type Say = (line: string) => void;

/** Walks the whole path of the system against a running API and says what it sees. Throws at the first step that fails. */
export async function runDemo(baseUrl: string, say: Say): Promise<void> {
  say(`\nSigning up two people at ${baseUrl}`);
  const [ada, bob] = await Promise.all([signUpPerson(baseUrl, 'ada'), signUpPerson(baseUrl, 'bob')]);
  say(`  ada is ${ada.id}, bob is ${bob.id}; both are on the free tier`);

  await bob.client.expect(204, 'PUT', `/api/follows/${ada.id}`);
  say('  bob follows ada');
  const post = await ada.client.expect<{ id: string }>(201, 'POST', '/api/feed', { text: 'The water is rising.' });
  const publishedAt = performance.now();
  say(`  ada posts ${post.body.id}`);
  await waitFor(() => notificationOf(bob, post.body.id), 15_000, 'bob was not notified');
  say(`  bob is notified ${Math.round(performance.now() - publishedAt)} ms later, by the worker on the event stream`);

  say('\nReading the timeline twice');
  for (const _attempt of ['first', 'second']) {
    const startedAt = performance.now();
    const page = await bob.client.expect<Page<unknown>>(200, 'GET', '/api/feed');
    const tookMs = (performance.now() - startedAt).toFixed(1);
    say(`  ${page.body.items.length} post in ${tookMs} ms, cache ${page.headers.get('x-cache')}`);
  }

  say('\nSending more than the limits');
  await showLoad(ada, say, { method: 'GET', ratePerSecond: 300, durationMs: 4_000 });
  await showLoad(bob, say, { method: 'POST', ratePerSecond: 60, durationMs: 1_000, body: '{"text":"drop by drop"}' });
  const anonymous = await new ApiClient(baseUrl).send<{ type: string }>('GET', '/api/feed');
  say(`\nWithout a token: ${anonymous.status} ${anonymous.body.type}`);
}

async function notificationOf(person: Person, postId: string): Promise<true | undefined> {
  const page = await person.client.expect<Page<{ postId: string }>>(200, 'GET', '/api/notifications');
  return page.body.items.some((item) => item.postId === postId) ? true : undefined;
}

/** Offers a load as one user, and prints how it ended. */
async function showLoad(
  person: Person,
  say: Say,
  load: {
    readonly ratePerSecond: number;
    readonly durationMs: number;
    readonly method: string;
    readonly body?: string;
  },
): Promise<void> {
  const { ratePerSecond, durationMs, ...offered } = load;
  say(`  ${load.method} /api/feed, ${ratePerSecond} requests/s for ${durationMs / 1_000} s by one user`);
  const request = { ...offered, path: '/api/feed', headers: person.client.headers };
  const baseUrl = person.client.baseUrl;
  const startedAt = performance.now();
  const outcomes = await offerAtRate({ baseUrl, ratePerSecond, durationMs, requestAt: () => request });
  say(outcomeTable(outcomes).replace(/^/gm, '    '));
  // Tokens go on dripping in until the last answer, which is later on a busy machine.
  say(`    the last answer came after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

/** Groups outcomes by status and reason, with the first explanation that was given. */
export function outcomeTable(outcomes: readonly OfferedOutcome[]): string {
  const groups = new Map<string, OfferedOutcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.status} ${outcome.reason ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  const rows = [...groups.values()]
    .sort((a, b) => (a[0]?.status ?? 0) - (b[0]?.status ?? 0))
    .map((group) => {
      const first = group[0];
      const latencies = group.map((outcome) => outcome.latencyMs).sort((a, b) => a - b);
      return [
        first?.status ?? 0,
        first?.reason === undefined ? 'admitted' : 'refused',
        group.length,
        Number((latencies[Math.floor(latencies.length / 2)] ?? 0).toFixed(1)),
        first?.detail ?? first?.reason ?? '',
      ];
    });
  return textTable([['status', 'outcome', 'requests', 'p50 ms', 'why'], ...rows]);
}
