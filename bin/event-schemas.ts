import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toJsonSchema } from '@valibot/to-json-schema';
import { EVENT_SCHEMAS } from '../lambdas/contract/events/domain-event.ts';
import { checkEvents, type EventSchemas } from '../local/event-schemas/check-events.ts';
import { fileNameOf, readSchema, renderSchema } from '../local/event-schemas/published-file.ts';

const FOLDER = 'lambdas/contract/events/published';
/** Where the published schemas are. */
export const PUBLISHED_FOLDER = join(import.meta.dirname, '..', FOLDER);

const USAGE = `npm run event-schemas [-- --check]

Publishes the schemas of all event types: writes ${FOLDER}/<type>.json from lambdas/contract/events.
Writes nothing if one of them has changed so that consumers of its published schema could not read its events, or
consumers of the new one those of the published.

  --check   writes nothing; fails also where a schema is not published as it is
  --help    this text
`;

/** What there is to say, and whether it is bad news. */
interface Outcome {
  readonly lines: readonly string[];
  readonly isFine: boolean;
}

/** The schemas of the event types as they are in the code, as JSON Schema of what is on the stream. */
export function currentSchemas(): EventSchemas {
  return Object.fromEntries(
    Object.entries(EVENT_SCHEMAS).map(([type, schema]) => [
      type,
      toJsonSchema(schema, { target: 'draft-2020-12', typeMode: 'input', errorMode: 'throw' }),
    ]),
  );
}

/** Compares what is published in a folder with what there is, and brings it up to date unless it is only to be checked. */
export function publishSchemas(folder: string, current: EventSchemas, options: { readonly check: boolean }): Outcome {
  const files = new Map(namesIn(folder).map((fileName) => [fileName, readFileSync(join(folder, fileName), 'utf8')]));
  const published = [...files].map(([fileName, text]) => readSchema(fileName, text));
  const breaches = checkEvents(Object.fromEntries(published.map(({ type, schema }) => [type, schema])), current);
  if (breaches.length > 0) return { lines: breaches, isFine: false };
  const rendered = Object.entries(current).map(([type, schema]) => ({
    type,
    fileName: fileNameOf(type),
    text: renderSchema(schema),
  }));
  const stale = rendered.filter(({ fileName, text }) => files.get(fileName) !== text);
  if (options.check) {
    const lines = stale.map(
      ({ type }) => `event type '${type}' is not published as it is; npm run event-schemas does so`,
    );
    return { lines, isFine: stale.length === 0 };
  }
  mkdirSync(folder, { recursive: true });
  for (const { fileName, text } of stale) writeFileSync(join(folder, fileName), text);
  return { lines: stale.map(({ fileName }) => `wrote ${FOLDER}/${fileName}`), isFine: true };
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function readArguments() {
  try {
    return parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    process.stderr.write(`event-schemas: ${(error as Error).message}; --help shows how it goes\n`);
    return undefined;
  }
}

function main(): void {
  const values = readArguments();
  if (values === undefined) {
    process.exitCode = 2;
    return;
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { lines, isFine } = publishSchemas(PUBLISHED_FOLDER, currentSchemas(), { check: values.check ?? false });
  const output = isFine ? process.stdout : process.stderr;
  for (const line of lines) output.write(`${line}\n`);
  if (!isFine) process.exitCode = 1;
}

if (import.meta.main) main();
