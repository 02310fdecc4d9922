import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { watchedBacklogs } from '../../../lib/admission/watched-backlogs.ts';
import { Route } from '../../../lib/api/route.ts';
import { WhenBehind } from '../../../lib/api/when-behind.ts';
import type { WorkTarget } from '../../../lib/api/work-target.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const stack = flaggedStack();
const target = (id: string, name: WorkTarget['name'] = 'video'): WorkTarget => ({
  name,
  queue: new Queue(stack, id),
  maxAge: Duration.minutes(2),
});
const post = (path: string, whenBehind?: WhenBehind) =>
  Route.post(path, { scope: 'feed:write', ...(whenBehind && { whenBehind }) });

describe('watchedBacklogs', () => {
  it('names each queue once that routes go by, and no other', () => {
    const video = target('Video');
    const activity = target('Activity', 'activity');
    const routes = [
      post('/a', WhenBehind.refuse(video)),
      post('/b', WhenBehind.byPriority(video)),
      post('/c', WhenBehind.byPriority(activity)),
      post('/d'),
    ];
    expect(watchedBacklogs(routes)).toEqual([
      { work: 'video', queueName: video.queue.queueName, maxAgeSeconds: 120 },
      { work: 'activity', queueName: activity.queue.queueName, maxAgeSeconds: 120 },
    ]);
    expect(watchedBacklogs([post('/d')])).toEqual([]);
  });

  it('fails for two queues of one name', () => {
    const routes = [target('One'), target('Two')].map((queue, index) => post(`/${index}`, WhenBehind.refuse(queue)));
    expect(() => watchedBacklogs(routes)).toThrow(
      "queues must have different names, got 'video' for Stack/One and Stack/Two",
    );
  });
});
