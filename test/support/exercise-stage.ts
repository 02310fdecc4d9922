import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Post } from '../../lambdas/contract/feed.ts';
import type { TenantResponse } from '../../lambdas/contract/tenants.ts';
import { ApiClient, type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { SkippableTime } from '../../local/twin/skippable-time.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from './aws-of-twin.ts';
import { parkOrders } from './exercise-parking.ts';
import { processVideos } from './exercise-videos.ts';
import { recordsOfEventStream } from './kinesis-of-twin.ts';
import { sendOnce } from './send-once.ts';
import { signUpAccount, signUpAdministrator } from './sign-up-account.ts';
import { SPOILT_RECORD, spoilMessages } from './spoil-messages.ts';
import { until } from './until.ts';

/** Does once whatever can be done with a stage of dev, also what fails. Its stream workers are to give up at once. */
export async function exerciseStage(twin: Twin, time: SkippableTime): Promise<void> {
  const root = await signUpAdministrator(twin);
  // One after the other: hashes of passwords take a whole core each.
  const ada = await signUpPerson(twin.apiUrl, 'ada');
  const bob = await signUpPerson(twin.apiUrl, 'bob');
  await rotateSigningKey(twin);
  await refreshTokens(twin);
  await publish(ada, bob);
  await manageTenants(twin, root);
  await Promise.all([processVideos(twin, ada), countViews(twin, root, ada), spoilMessages(twin)]);
  await parkOrders(twin, ada, time);
  await archiveEvents(twin, time);
}

async function rotateSigningKey(twin: Twin): Promise<void> {
  const SecretId = physicalId(twin, 'AWS::SecretsManager::Secret', 'SigningKey');
  await twin.callAws('secretsmanager', 'RotateSecret', { SecretId });
}

async function refreshTokens(twin: Twin): Promise<void> {
  const anonymous = new ApiClient(twin.apiUrl);
  const { email, password } = await signUpAccount(twin, 'cyd');
  const { body } = await anonymous.expect<{ refresh_token: string }>(200, 'POST', '/login', { email, password });
  await anonymous.expect(200, 'POST', '/token/refresh', { refresh_token: body.refresh_token });
  await anonymous.expect(200, 'GET', '/.well-known/jwks.json');
}

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor?: string;
}

async function publish(ada: Person, bob: Person): Promise<void> {
  const firstPage = async (path: string) => (await bob.client.expect<Page>(200, 'GET', `${path}?limit=1`)).body;
  await bob.client.expect(204, 'PUT', `/api/follows/${ada.id}`);
  for (const text of ['hello', 'again']) await sendOnce(ada, '/api/feed', { text });
  for (const path of ['/api/feed', '/api/notifications']) {
    await until(`${path} has two pages`, async () => (await firstPage(path)).nextCursor !== undefined);
    const { nextCursor = '' } = await firstPage(path);
    await bob.client.expect(200, 'GET', `${path}?limit=1&cursor=${encodeURIComponent(nextCursor)}`);
  }
  await bob.client.expect(204, 'DELETE', `/api/follows/${ada.id}`);
}

async function manageTenants(twin: Twin, root: Person): Promise<void> {
  const tenant = { name: 'Acme', tier: 'business' };
  const { body } = await root.client.expect<TenantResponse>(201, 'POST', '/api/tenants', tenant);
  const { email, logIn } = await signUpAccount(twin, 'ann');
  await root.client.expect(204, 'PUT', `/api/tenants/${body.id}/members`, { email });
  await logIn();
  await root.client.expect(200, 'GET', `/api/tenants/${body.id}`);
  await root.client.expect(204, 'DELETE', `/api/tenants/${body.id}`);
}

/** Counts a view, and then is given the same records once more. */
async function countViews(twin: Twin, root: Person, ada: Person): Promise<void> {
  const { body: post } = await ada.client.expect<Post>(201, 'POST', '/api/feed', { text: 'look' });
  await ada.client.expect(202, 'POST', '/api/activity', { type: 'post-viewed', postId: post.id });
  const from = new Date().toISOString().slice(0, 10);
  let asked = 0;
  await until('the view is counted', async () => {
    asked += 1;
    // Another answer each time, which no cache has.
    const to = new Date(Date.now() + 86_400_000 + asked).toISOString();
    const { body } = await root.client.expect<{ periods: { counts: Record<string, number> }[] }>(
      200,
      'GET',
      `/api/analytics?from=${from}&to=${to}&granularity=day`,
    );
    return body.periods.some(({ counts }) => (counts.PostViewed ?? 0) > 0);
  });
  const Records = (await recordsOfEventStream(twin)).filter(
    (record) => !JSON.stringify(record).includes(SPOILT_RECORD),
  );
  await twin.functions.invoke(physicalId(twin, 'AWS::Lambda::Function', 'AnalyticsWorker/Worker'), { Records });
}

async function archiveEvents(twin: Twin, time: SkippableTime): Promise<void> {
  const s3 = new S3Client({
    endpoint: twin.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  const Bucket = physicalId(twin, 'AWS::S3::Bucket', 'EventArchive');
  // Longer than they are gathered for.
  time.skip(6 * 60_000);
  await until('events are archived', async () => {
    return ((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount ?? 0) > 0;
  });
  s3.destroy();
}
