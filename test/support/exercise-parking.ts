import type { ParkedAccepted, ParkedStatus } from '../../lambdas/contract/parked.ts';
import type { Person } from '../../local/demo/api-client.ts';
import type { SkippableTime } from '../../local/twin/skippable-time.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { setLevers } from './set-levers.ts';
import { until } from './until.ts';

/** More than orders are parked for. */
const TOO_LATE_MS = 6 * 60_000;

/** Has orders wait while there is too much to do; one is taken up afterwards, and one is too late. */
export async function parkOrders(twin: Twin, { client }: Person, time: SkippableTime): Promise<void> {
  const statusOf = async (path: string) => (await client.send('GET', path)).status;
  for (const path of ['search', 'orders']) await client.expect(200, 'GET', `/api/drill/${path}`);
  await client.expect(200, 'GET', '/api/limits');
  const park = async () => {
    await setLevers(twin, { shedBelow: 'critical' });
    await until('the lever is heard of', async () => (await statusOf('/api/drill/search')) === 503);
    return (await client.expect<ParkedAccepted>(202, 'POST', '/api/drill/orders', { reference: 'later' })).body;
  };
  const { statusUrl } = await park();
  await setLevers(twin, {});
  await until('the order is done', async () => {
    return (await client.expect<ParkedStatus>(200, 'GET', statusUrl)).body.status === 'done';
  });
  const late = await park();
  time.skip(TOO_LATE_MS);
  await until('the order is too late', async () => (await statusOf(late.statusUrl)) === 504);
}
