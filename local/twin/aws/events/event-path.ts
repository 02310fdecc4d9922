const STEP = /^(?:\.([\w-]+)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]|\[(\*)\])/;

/**
 * The part of an event that a path such as `$.detail.items[0].id` names; `undefined` where there is none. This is the part
 * of JSONPath that EventBridge has: names, indexes and `[*]`.
 *
 * @throws RangeError where the path cannot be read.
 */
export function valueAtPath(event: unknown, path: string): unknown {
  if (!path.startsWith('$')) throw new RangeError(`the path '${path}' must start with '$'`);
  let rest = path.slice(1);
  let values: unknown[] = [event];
  let isList = false;
  while (rest !== '') {
    const [step, dotted, single, double, index, all] = STEP.exec(rest) ?? [];
    if (step === undefined) throw new RangeError(`the path '${path}' cannot be read from '${rest}' on`);
    rest = rest.slice(step.length);
    isList ||= all !== undefined;
    const name = dotted ?? single ?? double;
    values = values.flatMap((value) => {
      if (all !== undefined) return Array.isArray(value) ? value : [];
      const child = name === undefined ? elementAt(value, Number(index)) : memberOf(value, name);
      return child === undefined ? [] : [child];
    });
  }
  return isList ? values : values[0];
}

function elementAt(value: unknown, index: number): unknown {
  return Array.isArray(value) ? value[index] : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined;
  return (value as Record<string, unknown>)[name];
}
