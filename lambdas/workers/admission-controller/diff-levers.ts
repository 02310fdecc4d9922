import type { Levers } from '../../contract/controls.ts';

/**
 * What is different, a sentence each, such as `scale 'POST /api/feed:user': none → 0.5`, in an order that does not depend
 * on how the JSON was written.
 */
export function diffLevers(before: Levers, after: Levers): readonly string[] {
  return [
    ...changed('shedBelow', before.shedBelow, after.shedBelow),
    ...changedMembers('scale', before.scale, after.scale),
    ...changedMembers('breaker', before.breakers, after.breakers),
    ...changed('reason', before.reason, after.reason),
  ];
}

type Value = string | number | undefined;

function changedMembers(
  what: string,
  before: Readonly<Record<string, Value>> = {},
  after: Readonly<Record<string, Value>> = {},
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => changed(`${what} '${name}'`, memberOf(before, name), memberOf(after, name)));
}

function memberOf(members: Readonly<Record<string, Value>>, name: string): Value {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function changed(what: string, before: Value, after: Value): string[] {
  return before === after ? [] : [`${what}: ${before ?? 'none'} → ${after ?? 'none'}`];
}
