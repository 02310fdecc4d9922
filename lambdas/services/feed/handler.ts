import { createCachedValue } from '../../adapters/cached-value.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createFollowsTable } from '../../adapters/follows-table.ts';
import { createIdGenerator } from '../../adapters/id-generator.ts';
import { createEnvironmentIdempotency } from '../../adapters/idempotency/environment-idempotency.ts';
import { createOutbox } from '../../adapters/outbox.ts';
import { CURSOR_SECRET_TIMES, createPageCursors } from '../../adapters/page-cursor.ts';
import { createPostsTable } from '../../adapters/posts-table.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createSecretsClient, readSecret } from '../../adapters/secrets.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { Env } from '../../contract/environment.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { feedRoutes } from './feed-routes.ts';

const { env } = process;
const runtime = createServiceRuntime(env);
const { clock } = runtime;
const documents = createDocumentClient();
const secrets = createSecretsClient();
const outbox = createOutbox(readVariable(env, Env.OUTBOX_TABLE), clock);
const cursorSecret = readVariable(env, Env.CURSOR_SECRET);

export const handler = createServiceHandler({
  ...runtime,
  idempotency: createEnvironmentIdempotency(env, runtime),
  handlers: feedRoutes({
    posts: createPostsTable(documents, readVariable(env, Env.POSTS_TABLE), outbox),
    follows: createFollowsTable(documents, readVariable(env, Env.FOLLOWS_TABLE)),
    cursors: createPageCursors(createCachedValue(() => readSecret(secrets, cursorSecret), clock, CURSOR_SECRET_TIMES)),
    nextId: createIdGenerator(clock),
    clock,
  }),
});
