import type { Token } from './source-tokens.ts';

export interface SourceImport {
  /** What is imported, as written; undefined if `import()` is given an expression. */
  readonly specifier: string | undefined;
  /** Whether it is gone once types are stripped. */
  readonly isType: boolean;
  readonly line: number;
}

/** Everything a file imports: statements, re-exports, `import()`, `import('…')` in types, and `require('…')`. */
export function sourceImports(tokens: readonly Token[]): SourceImport[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || tokens[index - 1]?.text === '.') return [];
    const rest = tokens.slice(index + 1, index + 3);
    if (token.text === 'import') return importAt(tokens, index);
    if (token.text === 'export') return reexportAt(tokens, index);
    if (token.text === 'require' && rest[0]?.text === '(' && rest[1]?.kind === 'string') {
      return [{ specifier: rest[1].text, isType: false, line: rest[1].line }];
    }
    return [];
  });
}

function importAt(tokens: readonly Token[], index: number): SourceImport[] {
  const [next, second] = tokens.slice(index + 1, index + 3);
  // `import.meta`, and a property of that name.
  if (next === undefined || next.text === '.' || next.text === ':') return [];
  if (next.kind === 'string') return [{ specifier: next.text, isType: false, line: next.line }];
  if (next.text === '(') {
    const closing = tokens[index + 3]?.text;
    const isLiteral = second?.kind === 'string' && (closing === ')' || closing === ',');
    return [{ specifier: isLiteral ? second.text : undefined, isType: false, line: next.line }];
  }
  const isType = next.text === 'type' && second?.text !== 'from' && second?.text !== ',';
  return fromClause(tokens, index + 1, isType);
}

function reexportAt(tokens: readonly Token[], index: number): SourceImport[] {
  const isType = tokens[index + 1]?.text === 'type';
  const start = index + (isType ? 2 : 1);
  const first = tokens[start]?.text;
  if (first === '*') return fromClause(tokens, start, isType);
  if (first !== '{') return [];
  const end = tokens.findIndex((token, at) => at > start && token.text === '}');
  return tokens[end + 1]?.text === 'from' ? fromClause(tokens, end, isType) : [];
}

/** The string after the next `from`. */
function fromClause(tokens: readonly Token[], start: number, isType: boolean): SourceImport[] {
  const at = tokens.findIndex(
    (token, index) => index >= start && token.text === 'from' && tokens[index + 1]?.kind === 'string',
  );
  const source = at === -1 ? undefined : tokens[at + 1];
  return source === undefined ? [] : [{ specifier: source.text, isType, line: source.line }];
}
