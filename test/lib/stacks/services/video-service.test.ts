import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { VIDEO_LEASE_SECONDS, VIDEO_WORK_SECONDS } from '../../../../lambdas/contract/video.ts';
import { addVideoService } from '../../../../lib/stacks/services/video-service.ts';
import { allowedActions } from '../../../support/allowed-actions.ts';
import { routeNamed, stageContext } from '../../../support/stage-context.ts';

const context = stageContext();
const { data, stack } = context;
const worker = addVideoService(context);
const template = Template.fromStack(stack);

/** What a function may do to objects and tables, by part of their names. */
function allowedOn(target: typeof worker.function): Record<string, string[]> {
  const names: [RegExp, string][] = [
    [/^Media.*\/uploads\/\*$/, 'uploads'],
    [/^Media.*\/videos\/\*$/, 'kept'],
    [/^Media.*$/, 'bucket'],
    [/^Tables(\w+?)[0-9A-F]{8}$/, '$1'],
  ];
  const found = Object.entries(allowedActions(stack, template, target)).flatMap(([resource, actions]) => {
    const name = names.find(([pattern]) => pattern.test(resource));
    return name === undefined ? [] : [[resource.replace(...name), actions] as const];
  });
  return Object.fromEntries(found);
}

describe('addVideoService', () => {
  it('tells owners apart from those who may only look', () => {
    const scopes = [
      'POST /api/video/uploads',
      'POST /api/video',
      'GET /api/video/{videoId}',
      'DELETE /api/video/{videoId}',
    ];
    expect(scopes.map((name) => routeNamed(context, name).scope)).toEqual([
      'video:write',
      'video:write',
      'video:read',
      'video:write',
    ]);
  });

  it('accepts a video once per key, and none but by importance while the queue is behind', () => {
    const { idempotency, whenBehind } = routeNamed(context, 'POST /api/video');
    expect(idempotency?.isRequired).toBe(false);
    expect([whenBehind?.answer, whenBehind?.target.name]).toEqual(['by-priority', 'video']);
  });

  it('gives the service what it signs links with, and nothing that removes', () => {
    const service = context.api.services.get('Video');
    expect(service && allowedOn(service)).toEqual({
      uploads: ['s3:PutObject'],
      kept: ['s3:GetObject'],
      Videos: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Outbox: ['dynamodb:PutItem'],
      Idempotency: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    });
  });

  it('gives the worker what it reads, makes and removes, and nothing that is uploaded to remove', () => {
    expect(allowedOn(worker.function)).toEqual({
      uploads: ['s3:GetObject'],
      kept: ['s3:DeleteObject', 's3:PutObject'],
      bucket: ['s3:ListBucket'],
      Videos: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Outbox: ['dynamodb:PutItem'],
    });
  });

  it('gives a video a whole core, and two minutes to itself', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1_769, Timeout: VIDEO_WORK_SECONDS });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('gives a video back, when its worker has died, later than the lease ends', () => {
    const visibleAfter = Object.values(Template.fromStack(data).findResources('AWS::SQS::Queue'))
      .filter(({ Properties }) => Properties.RedrivePolicy !== undefined)
      .map(({ Properties }) => Properties.VisibilityTimeout);
    expect(data.work.video.workerTimeout.toSeconds() * 6).toBeGreaterThan(VIDEO_LEASE_SECONDS);
    expect(visibleAfter).toContain(data.work.video.workerTimeout.toSeconds() * 6);
  });
});
