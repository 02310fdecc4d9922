import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import type { DocumentPath } from './expression.ts';

type Branches = Map<string | number, Branches | 'all'>;

/** The parts of an item at some paths. Elements of lists keep their order and close up. */
export function projectItem(item: Item, paths: readonly DocumentPath[]): Item {
  if (paths.every(({ length }) => length === 1)) {
    const projection: Record<string, AttributeValue> = {};
    for (const [name] of paths) {
      const value = attributeOf(item, String(name));
      if (value) projection[String(name)] = value;
    }
    return projection;
  }
  return projectMap(item, branchesOf(paths)) ?? {};
}

function branchesOf(paths: readonly DocumentPath[]): Branches {
  const root: Branches = new Map();
  for (const path of paths) {
    let branches = root;
    for (const [depth, step] of path.entries()) {
      if (depth === path.length - 1) {
        branches.set(step, 'all');
        break;
      }
      const next = branches.get(step);
      if (next === 'all') break;
      const inner: Branches = next ?? new Map();
      branches.set(step, inner);
      branches = inner;
    }
  }
  return root;
}

function projectMap(map: Item, branches: Branches): Item | undefined {
  const projection: Record<string, AttributeValue> = {};
  let isEmpty = true;
  for (const [step, inner] of branches) {
    const value = typeof step === 'string' ? attributeOf(map, step) : undefined;
    const projected = value && projectValue(value, inner);
    if (!projected) continue;
    projection[String(step)] = projected;
    isEmpty = false;
  }
  return isEmpty ? undefined : projection;
}

function projectValue(value: AttributeValue, branches: Branches | 'all'): AttributeValue | undefined {
  if (branches === 'all') return value;
  if (value.M) {
    const map = projectMap(value.M, branches);
    return map && { M: map };
  }
  if (!value.L) return undefined;
  const positions = [...branches.keys()].filter((step) => typeof step === 'number').sort((a, b) => a - b);
  const elements = positions.flatMap((at) => {
    const [element, inner] = [value.L?.[at], branches.get(at)];
    return (element && inner && projectValue(element, inner)) ?? [];
  });
  return elements.length === 0 ? undefined : { L: elements };
}
