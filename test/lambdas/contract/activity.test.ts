import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ActivityRequest, ActivityWork } from '../../../lambdas/contract/activity.ts';

const body = { type: 'post-viewed', postId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };

describe('ActivityRequest', () => {
  it('takes a view of a post', () => {
    expect(v.parse(ActivityRequest, body)).toEqual(body);
  });

  it.each([
    [{ ...body, type: 'post-liked' }],
    [{ ...body, postId: 'p1' }],
    [{ ...body, postId: `${body.postId}\n` }],
    [{ ...body, viewerId: 'somebody-else' }],
    [{ type: body.type }],
  ])('fails for %j', (other) => {
    expect(v.is(ActivityRequest, other)).toBe(false);
  });
});

describe('ActivityWork', () => {
  it.each([{ sub: '', body }, { body }, { sub: 'ada', body: {} }])('fails for %j', (work) => {
    expect(v.is(ActivityWork, work)).toBe(false);
  });
});
