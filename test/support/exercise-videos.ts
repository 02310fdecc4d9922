import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Tables } from '../../lambdas/contract/tables.ts';
import type { Upload, Video, VideoAccepted } from '../../lambdas/contract/video.ts';
import type { Person } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { documentClientOf, physicalId } from './aws-of-twin.ts';
import { samplePng } from './sample-images.ts';
import { sendOnce } from './send-once.ts';
import { sendMessage } from './spoil-messages.ts';
import { until } from './until.ts';

/**
 * Four videos: one becomes ready and is removed with its files, one was never uploaded, one is nobody's, and one is somebody
 * else's work already.
 */
export async function processVideos(twin: Twin, ada: Person): Promise<void> {
  const file = await samplePng(640, 400);
  const askToUpload = async () => {
    const asked = { contentType: 'image/png', bytes: file.length };
    return (await ada.client.expect<Upload>(201, 'POST', '/api/video/uploads', asked)).body;
  };
  const { source, upload } = await askToUpload();
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(file)]));
  await fetch(upload.url, { method: 'POST', body: form });
  const { id } = await sendOnce<VideoAccepted>(ada, '/api/video', { title: 'A day', source });
  const read = () => ada.client.send<Video>('GET', `/api/video/${id}`);
  await until('the video is ready', async () => (await read()).body.status === 'ready');
  for (const { url } of (await read()).body.renditions ?? []) await fetch(url);
  await ada.client.expect(204, 'DELETE', `/api/video/${id}`);

  await sendOnce(ada, '/api/video', { title: 'Never', source: (await askToUpload()).source });
  await sendOnce(ada, '/api/video', { title: 'Nobody', source: 'uploads/nobody/nothing' });
  await deliverWhileBusy(twin, ada);
}

/** Its message has to come again. */
async function deliverWhileBusy(twin: Twin, ada: Person): Promise<void> {
  const [videoId, acceptedAtMs] = [crypto.randomUUID(), Date.now()];
  await documentClientOf(twin).send(
    new PutCommand({
      TableName: physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Tables/Videos'),
      Item: {
        [Tables.videos.partitionKey]: videoId,
        ownerId: ada.id,
        title: 'Busy',
        source: 'uploads/busy',
        status: 'processing',
        acceptedAtMs,
        progress: 0,
        claimId: 'somebody',
        leaseUntilMs: acceptedAtMs + 3_600_000,
      },
    }),
  );
  const work = { id: videoId, acceptedAtMs, data: { action: 'process', videoId } };
  await sendMessage(twin, 'VideoWork/Queue', JSON.stringify(work));
}
