import { compareSchemas } from './compare-schemas.ts';

/** JSON Schemas of event types, by their names. */
export type EventSchemas = Readonly<Record<string, unknown>>;

/**
 * A sentence for each thing that those who consume or replay events of the published schemas would stumble over. Types
 * that are new are not among them.
 */
export function checkEvents(published: EventSchemas, current: EventSchemas): string[] {
  return Object.entries(published).flatMap(([type, schema]) => {
    const other = `add a new type such as '${successorOf(type, current)}' and publish both until nobody consumes '${type}'`;
    if (!Object.hasOwn(current, type)) {
      return [
        `event type '${type}' is published and has no schema any more, while the stream and its archive have its events; keep it`,
      ];
    }
    return compareSchemas(schema, current[type]).map(
      ({ path, what }) =>
        `event type '${type}': ${path === '' ? 'the event' : path.replace(/^\./, '')} ${what}; ` +
        `leave it as it was published, or ${other}`,
    );
  });
}

/** `FeedUpdated` → `FeedUpdated2` → `FeedUpdated3`: the first that there is not. */
function successorOf(type: string, current: EventSchemas): string {
  const [, name = type, number = '1'] = /^(.*?)(\d+)?$/.exec(type) ?? [];
  for (let next = Number(number) + 1; ; next += 1) {
    if (!Object.hasOwn(current, `${name}${next}`)) return `${name}${next}`;
  }
}
