import type { Context } from './context.ts';

/** Text between two `*`; `anyAt` are the places of `?` in it. */
interface Segment {
  readonly text: string;
  readonly anyAt: readonly number[];
}

/** A pattern of a policy, taken apart once. */
export interface Pattern {
  readonly source: string;
  /** Condition keys, in lower case, that policy variables in it ask for. */
  readonly variables: readonly string[];
  matches(text: string, context: Context): boolean;
}

export interface PatternOptions {
  /** Whether `*` and `?` are wildcards. @default true */
  readonly wildcards?: boolean;
  /** Whether `${aws:PrincipalArn}` stands for a value: in documents of version 2012-10-17. @default false */
  readonly variables?: boolean;
  /** @default false */
  readonly ignoreCase?: boolean;
}

type Token = string | { readonly wildcard: '*' | '?' } | { readonly variable: string; readonly fallback?: string };

/** `${key}`, `${key, 'default'}`, and the three that escape: `${*}`, `${?}`, `${$}`. */
const VARIABLE = /\$\{\s*(?:([*?$])|([\w:./+=@-]+)\s*(?:,\s*'([^']*)')?)\s*\}/y;

/**
 * Compiles an IAM pattern: `*` stands for any run of characters, `?` for exactly one, a policy variable for its value, in
 * which wildcards are plain characters. A variable without a value matches nothing, as in IAM.
 *
 * No regular expression is built from a policy, and a `*` is settled once and never reconsidered: what precedes the next
 * `*` is taken at its leftmost place. So a match takes at most length of text × longest stretch between two `*`.
 */
export function compilePattern(source: string, options: PatternOptions = {}): Pattern {
  const tokens = tokenize(options.ignoreCase ? source.toLowerCase() : source, options);
  const variables = tokens.flatMap((token) =>
    typeof token === 'object' && 'variable' in token ? [token.variable.toLowerCase()] : [],
  );
  const fold = options.ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text;
  if (variables.length > 0) {
    return {
      source,
      variables,
      matches: (text, context) => {
        const filled = fillIn(tokens, context, fold);
        return filled !== undefined && matchesSegments(segmentsOf(filled), fold(text));
      },
    };
  }
  const segments = segmentsOf(tokens);
  const [only] = segments;
  if (segments.length === 1 && only?.anyAt.length === 0) {
    return { source, variables, matches: (text) => fold(text) === only.text };
  }
  if (segments.every(({ text }) => text === '')) return { source, variables, matches: () => true };
  return { source, variables, matches: (text) => matchesSegments(segments, fold(text)) };
}

function tokenize(source: string, { wildcards = true, variables = false }: PatternOptions): Token[] {
  const tokens: Token[] = [];
  let plain = '';
  const push = (token: Token): void => {
    if (plain !== '') tokens.push(plain);
    plain = '';
    tokens.push(token);
  };
  for (let index = 0; index < source.length; index += 1) {
    const symbol = source[index] ?? '';
    if (wildcards && (symbol === '*' || symbol === '?')) {
      push({ wildcard: symbol });
      continue;
    }
    VARIABLE.lastIndex = index;
    const match = variables && symbol === '$' ? VARIABLE.exec(source) : null;
    if (!match) {
      plain += symbol;
      continue;
    }
    index += match[0].length - 1;
    const [, escaped, variable = '', fallback] = match;
    if (escaped !== undefined) plain += escaped;
    else push({ variable, ...(fallback !== undefined && { fallback }) });
  }
  if (plain !== '') tokens.push(plain);
  return tokens;
}

function fillIn(tokens: readonly Token[], context: Context, fold: (text: string) => string): Token[] | undefined {
  const filled: Token[] = [];
  for (const token of tokens) {
    if (typeof token === 'string' || 'wildcard' in token) {
      filled.push(token);
      continue;
    }
    const value = context(token.variable.toLowerCase()) ?? token.fallback;
    // A variable of a key with many values is no value: IAM does not fill it in.
    if (typeof value !== 'string') return undefined;
    filled.push(fold(value));
  }
  return filled;
}

function segmentsOf(tokens: readonly Token[]): Segment[] {
  const segments: { text: string; anyAt: number[] }[] = [];
  let current = { text: '', anyAt: [] as number[] };
  for (const token of tokens) {
    if (typeof token === 'string') current.text += token;
    else if ('wildcard' in token && token.wildcard === '*') {
      segments.push(current);
      current = { text: '', anyAt: [] };
    } else {
      current.anyAt.push(current.text.length);
      current.text += '?';
    }
  }
  segments.push(current);
  return segments;
}

function matchesSegments(segments: readonly Segment[], text: string): boolean {
  const [first, ...rest] = segments;
  if (!first) return text === '';
  const last = rest.pop();
  if (!last) return text.length === first.text.length && isAt(first, text, 0);
  let from = first.text.length;
  const end = text.length - last.text.length;
  if (end < from || !isAt(first, text, 0) || !isAt(last, text, end)) return false;
  for (const segment of rest) {
    const found = find(segment, text, from, end);
    if (found < 0) return false;
    from = found + segment.text.length;
  }
  return from <= end;
}

function find(segment: Segment, text: string, from: number, end: number): number {
  if (segment.anyAt.length === 0) return text.indexOf(segment.text, from);
  for (let at = from; at + segment.text.length <= end; at += 1) if (isAt(segment, text, at)) return at;
  return -1;
}

function isAt({ text: wanted, anyAt }: Segment, text: string, at: number): boolean {
  if (anyAt.length === 0) return text.startsWith(wanted, at);
  let from = 0;
  for (const any of anyAt) {
    if (!text.startsWith(wanted.slice(from, any), at + from)) return false;
    from = any + 1;
  }
  return text.startsWith(wanted.slice(from), at + from);
}
