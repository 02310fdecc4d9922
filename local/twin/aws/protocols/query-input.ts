/** A form field's place: an object of its own, a list, a map or a text. */
type Node = { text?: string; readonly children: Map<string, Node> };

/**
 * Members out of a query form: `a.b=1` is an object, `a.member.1=x` a list, `a.entry.1.key` with `a.entry.1.value` a map
 * (SNS also writes `Name` and `Value`). Texts stay texts; an empty form is an empty object.
 */
export function queryInput(form: URLSearchParams): Record<string, unknown> {
  const root: Node = { children: new Map() };
  for (const [name, text] of form) {
    let node = root;
    for (const part of name.split('.')) {
      const child: Node = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.text = text;
  }
  return Object.fromEntries([...root.children].map(([name, node]) => [name, memberOf(node)]));
}

function memberOf(node: Node): unknown {
  if (node.children.size === 0) return node.text ?? '';
  const list = node.children.get('member');
  if (list && node.children.size === 1) return ordered(list).map(memberOf);
  const entries = node.children.get('entry');
  if (entries && node.children.size === 1) return mapOf(ordered(entries));
  return Object.fromEntries([...node.children].map(([name, child]) => [name, memberOf(child)]));
}

function mapOf(entries: readonly Node[]): Record<string, unknown> {
  const pairs = entries.flatMap(({ children }): [string, unknown][] => {
    const key = children.get('key') ?? children.get('Name');
    const value = children.get('value') ?? children.get('Value');
    return key?.text === undefined || value === undefined ? [] : [[key.text, memberOf(value)]];
  });
  return Object.fromEntries(pairs);
}

function ordered({ children }: Node): Node[] {
  return [...children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
