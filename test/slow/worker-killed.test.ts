import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { waitFor } from '../../local/demo/wait-for.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { documentClientOf, physicalId } from '../support/aws-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';

const FOLLOWERS = 25;
const POSTS = 12;
const WORKER = 'NotificationsWorker/Worker';

describe('killing the notifications worker in the middle of batches', () => {
  let twin: Twin;
  let ada: Person;
  let followers: string[];

  beforeAll(async () => {
    twin = await runTwin();
    ada = await signUpPerson(twin.apiUrl, 'ada');
    followers = Array.from({ length: FOLLOWERS }, () => ulid());
    const follows = physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Follows');
    const puts = followers.map((followerId) => ({ PutRequest: { Item: { followerId, followeeId: ada.id } } }));
    await documentClientOf(twin).send(new BatchWriteCommand({ RequestItems: { [follows]: puts } }));
  });
  afterAll(() => twin?.close());

  async function notifiedOf(recipientId: string): Promise<string[]> {
    const TableName = physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Notifications');
    const page = await documentClientOf(twin).send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'recipientId = :r',
        ExpressionAttributeValues: { ':r': recipientId },
      }),
    );
    return (page.Items ?? []).map((item) => String(item.postId));
  }

  it('loses no notification and doubles none', { timeout: 60_000 }, async () => {
    const posts: string[] = [];
    let kills = 0;
    const killing = setInterval(() => {
      const busy = twin.functions.status(0).find(({ label }) => label === WORKER);
      if (kills < 4 && busy !== undefined && busy.busy > 0) {
        kills += 1;
        void twin.functions.kill(WORKER);
      }
    }, 40);
    try {
      for (let index = 0; index < POSTS; index++) {
        const post = await ada.client.expect<{ id: string }>(201, 'POST', '/api/feed', { text: `drop ${index}` });
        posts.push(post.body.id);
      }
      await waitFor(
        async () => {
          const counts = await Promise.all(followers.map(async (follower) => (await notifiedOf(follower)).length));
          return kills > 0 && counts.every((count) => count >= POSTS) ? true : undefined;
        },
        50_000,
        'not everybody was notified of everything',
      );
    } finally {
      clearInterval(killing);
    }
    for (const follower of followers) expect((await notifiedOf(follower)).sort()).toEqual([...posts].sort());
    expect(kills).toBeGreaterThan(0);
  });
});
