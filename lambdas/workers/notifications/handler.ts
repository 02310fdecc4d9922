import type { KinesisStreamHandler } from 'aws-lambda';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createFollowsTable } from '../../adapters/follows-table.ts';
import { createLogger } from '../../adapters/logger.ts';
import { createNotificationsTable } from '../../adapters/notifications-table.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { Env } from '../../contract/environment.ts';
import { processBatch } from './process-batch.ts';

/** Left of the invocation's time to answer with the records that are not done. */
const ANSWER_MARGIN_MS = 1_000;

const { env } = process;
const documents = createDocumentClient();
const dependencies = {
  follows: createFollowsTable(documents, readVariable(env, Env.FOLLOWS_TABLE)),
  notifications: createNotificationsTable(documents, readVariable(env, Env.NOTIFICATIONS_TABLE)),
  logger: createLogger('notifications-worker'),
};

export const handler: KinesisStreamHandler = (event, context) => {
  const workMs = Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MARGIN_MS);
  return processBatch(dependencies, event, context, AbortSignal.timeout(workMs));
};
