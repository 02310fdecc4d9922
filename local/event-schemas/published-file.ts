import { isSchemaObject } from './json-schema.ts';

const LINE_WIDTH = 120;
const INDENT = 2;

/** `FeedUpdated` → `feed-updated.json`. */
export function fileNameOf(type: string): string {
  return `${type.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase()}.json`;
}

/** A schema as it stands in its file: laid out as Biome does, lists that fit in one line. */
export function renderSchema(schema: unknown): string {
  return `${render(schema, 0, 0)}\n`;
}

/** The event type that a published schema is of. @throws RangeError for a file that is no event's schema */
export function readSchema(fileName: string, text: string): { readonly type: string; readonly schema: unknown } {
  const schema: unknown = JSON.parse(text);
  const properties = isSchemaObject(schema) ? schema.properties : undefined;
  const type = isSchemaObject(properties) && isSchemaObject(properties.type) ? properties.type.const : undefined;
  if (typeof type === 'string' && fileNameOf(type) === fileName) return { type, schema };
  throw new RangeError(
    `${fileName} is not the schema of an event: its member type must be the name of the file's type`,
  );
}

function render(value: unknown, depth: number, startColumn: number): string {
  if (Array.isArray(value)) {
    const line = `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
    const isPlain = value.every((each) => typeof each !== 'object' || each === null);
    if (isPlain && startColumn + line.length < LINE_WIDTH) return line;
    return block(
      '[',
      ']',
      value.map((each) => render(each, depth + 1, (depth + 1) * INDENT)),
      depth,
    );
  }
  if (!isSchemaObject(value) || Object.keys(value).length === 0) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, each]) => {
    const start = `${JSON.stringify(name)}: `;
    return `${start}${render(each, depth + 1, (depth + 1) * INDENT + start.length)}`;
  });
  return block('{', '}', members, depth);
}

function block(open: string, close: string, entries: readonly string[], depth: number): string {
  const indent = ' '.repeat((depth + 1) * INDENT);
  return `${open}\n${entries.map((entry) => indent + entry).join(',\n')}\n${' '.repeat(depth * INDENT)}${close}`;
}
