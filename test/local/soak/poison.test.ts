import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ActivityWork } from '../../../lambdas/contract/activity.ts';
import { EVENT_SCHEMAS, type EventType } from '../../../lambdas/contract/events/domain-event.ts';
import { VideoWork } from '../../../lambdas/contract/video.ts';
import { WorkItem } from '../../../lambdas/contract/work.ts';
import { readEvent } from '../../../lambdas/middleware/workers/read-event.ts';
import { poisonMessage, poisonRecord } from '../../../local/soak/poison.ts';
import { seededRandom } from '../../../local/soak/seeded-random.ts';

const bodies = (of: typeof poisonMessage) => {
  const random = seededRandom(3);
  return [...new Set(Array.from({ length: 100 }, () => of('p1', random)))];
};
const Json = v.pipe(v.string(), v.parseJson());

describe('poison', () => {
  it.each(bodies(poisonMessage))('is a message that no worker can read: %s', (body) => {
    const item = v.safeParse(v.pipe(Json, WorkItem), body);
    const isRead = [VideoWork, ActivityWork].some((schema) => item.success && v.is(schema, item.output.data));
    expect(isRead).toBe(false);
  });

  it.each(bodies(poisonRecord))('is a record that no consumer can read, nor passes over: %s', (text) => {
    const encoded = Buffer.from(text).toString('base64');
    for (const types of [Object.keys(EVENT_SCHEMAS) as EventType[], ['FeedUpdated'] as const]) {
      expect(() => readEvent(types, encoded)).toThrow();
    }
  });

  it('comes in several kinds', () => {
    expect(bodies(poisonMessage).length).toBe(5);
    expect(bodies(poisonRecord).length).toBe(4);
  });
});
