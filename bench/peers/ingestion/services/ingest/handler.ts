import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createServiceRuntime } from '../../../../../lambdas/adapters/service-runtime.ts';
import { createSqsClient } from '../../../../../lambdas/adapters/sqs-client.ts';
import { ActivityRequest, type ActivityWork } from '../../../../../lambdas/contract/activity.ts';
import type { WorkItem } from '../../../../../lambdas/contract/work.ts';
import { parseOrReject } from '../../../../../lambdas/middleware/parse.ts';
import { requireCaller } from '../../../../../lambdas/middleware/require-caller.ts';
import { createServiceHandler, type RouteHandler } from '../../../../../lambdas/middleware/service-handler.ts';

const { env } = process;
const runtime = createServiceRuntime(env);
const sqs = createSqsClient();

/** Sends what `Route.toQueue` has API Gateway send, and answers the same. */
const ingest: RouteHandler = async (request) => {
  const { sub } = requireCaller(request);
  const body = parseOrReject(ActivityRequest, request.body);
  const { requestId: id, traceparent } = request;
  const item: WorkItem = {
    id,
    acceptedAtMs: runtime.clock.now(),
    ...(traceparent !== undefined && { traceparent }),
    data: { sub, body } satisfies ActivityWork,
  };
  await sqs.send(new SendMessageCommand({ QueueUrl: env.QUEUE_URL, MessageBody: JSON.stringify(item) }));
  return { statusCode: 202, headers: { 'Work-Id': id }, body: { id, status: 'queued' } };
};

export const handler = createServiceHandler({ ...runtime, handlers: { 'POST /by-function': ingest } });
