import type { ResourceType } from './assembly/resource-types/resource-type.ts';
import { RESOURCE_TYPES } from './assembly/resource-types.ts';
import type { Support } from './assembly/support.ts';

const KINDS = ['honoured', 'ignored', 'refused', 'no-effect'] as const satisfies readonly Support['kind'][];

/**
 * The support tables as Markdown: each resource type with what becomes of each of its properties, and then the types that
 * change nothing on one machine.
 */
export function describeSupport(types: Readonly<Record<string, ResourceType>> = RESOURCE_TYPES): string {
  const all = Object.entries(types).sort(([a], [b]) => a.localeCompare(b));
  const running = all.filter(([, { disposition }]) => disposition === 'runs');
  const others = all.filter(([, { disposition }]) => disposition === 'no-effect');
  return [
    ...running.map(([name, type]) => describeType(name, type)),
    `### Types without effect\n\n${table(
      ['Type', 'Why'],
      others.map(([name, { why = '' }]) => [`\`${name}\``, why]),
    )}`,
  ].join('\n\n');
}

function describeType(name: string, { properties, attributes }: ResourceType): string {
  const rows = KINDS.flatMap((kind) => rowsOf(kind, properties));
  const getAtt = Object.keys(attributes);
  const known = getAtt.length === 0 ? '' : `\n\n\`Fn::GetAtt\`: ${codes(getAtt)}.`;
  return `### \`${name}\`\n\n${table(['Properties', 'What becomes of them'], rows)}${known}`;
}

/** Properties that share a reason share a row. */
function rowsOf(kind: Support['kind'], properties: ResourceType['properties']): string[][] {
  const byReason = new Map<string, string[]>();
  for (const [property, support] of Object.entries(properties)) {
    if (support.kind !== kind) continue;
    const what = 'why' in support ? `${kind}: ${support.why}` : kind.replace('-', ' ');
    byReason.set(what, [...(byReason.get(what) ?? []), property]);
  }
  return [...byReason].map(([what, names]) => [codes(names.sort()), what]);
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
