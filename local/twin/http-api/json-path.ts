/** Keys and indexes on the way from a document to a value in it. */
export type JsonPath = readonly (string | number)[];

const STEP = /^(?:\.?([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\])/;

/**
 * Reads a path such as `order.items[0].id`. Recursive descent and filters are refused, as API Gateway refuses them.
 * Throws RangeError for what is no such path.
 */
export function parseJsonPath(text: string): JsonPath {
  const steps: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (step === null) {
      throw new RangeError(`a path into the body is made of names and indexes, such as order.items[0], got '${text}'`);
    }
    const [whole, name, index, single, double] = step;
    steps.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** The value at the path; undefined where there is none. */
export function readJsonPath(document: unknown, path: JsonPath): unknown {
  let value = document;
  for (const step of path) {
    // `length` of a list is JavaScript's, not JSON's.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && typeof step !== 'number') return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
