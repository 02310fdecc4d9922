import { createCachedValue } from '../../adapters/cached-value.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createNotificationsTable } from '../../adapters/notifications-table.ts';
import { CURSOR_SECRET_TIMES, createPageCursors } from '../../adapters/page-cursor.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createSecretsClient, readSecret } from '../../adapters/secrets.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { Env } from '../../contract/environment.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { notificationsRoutes } from './notifications-routes.ts';

const { env } = process;
const runtime = createServiceRuntime(env);
const { clock } = runtime;
const secrets = createSecretsClient();
const cursorSecret = readVariable(env, Env.CURSOR_SECRET);

export const handler = createServiceHandler({
  ...runtime,
  handlers: notificationsRoutes({
    notifications: createNotificationsTable(createDocumentClient(), readVariable(env, Env.NOTIFICATIONS_TABLE)),
    cursors: createPageCursors(createCachedValue(() => readSecret(secrets, cursorSecret), clock, CURSOR_SECRET_TIMES)),
    clock,
  }),
});
