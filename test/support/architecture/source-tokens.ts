export interface Token {
  readonly kind: 'word' | 'string' | 'other';
  /** A word or a punctuation character as written; a string's contents between its quotes. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const SKIPPED = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /#?[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;
const NUMBER = /\d[\w.]*/y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** From the opening quote or the end of a substitution to the closing quote or the next substitution. */
const TEMPLATE_PART = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
/** After these words a slash begins a regular expression; after any other word it divides. */
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'void',
  'delete',
  'await',
  'yield',
]);

/**
 * TypeScript as a flat list of tokens, without comments. TypeScript 7 has no compiler API, and tools that strip types
 * strip the imports of types with them; to see what a file imports and names, no tree is needed.
 */
export function sourceTokens(source: string): Token[] {
  const tokens: Token[] = [];
  /** What each open brace belongs to: a template's substitution ends with more of the template. */
  const braces: ('template' | 'block')[] = [];
  let position = 0;
  let line = 1;

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(source)?.[0];
  };
  const advance = (text: string): void => {
    position += text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1;
  };
  const push = (kind: Token['kind'], written: string, text = written): void => {
    tokens.push({ kind, text, line });
    advance(written);
  };

  while (position < source.length) {
    const character = source.charAt(position);
    const skipped = /[\s/]/.test(character) ? take(SKIPPED) : undefined;
    const isTemplate = character === '`' || (character === '}' && braces.at(-1) === 'template');
    const template = isTemplate ? take(TEMPLATE_PART) : undefined;
    const string = character === "'" || character === '"' ? take(STRING) : undefined;
    const word = /[\w$#\u0080-\uffff]/.test(character) ? take(WORD) : undefined;
    if (skipped !== undefined) advance(skipped);
    else if (template !== undefined) {
      if (character === '}') braces.pop();
      if (template.endsWith('${')) braces.push('template');
      push('other', template);
    } else if (string !== undefined) push('string', string, string.slice(1, -1));
    else if (word !== undefined) push('word', word);
    else {
      if (character === '{') braces.push('block');
      if (character === '}') braces.pop();
      const regex = character === '/' && mayBeginRegex(tokens.at(-1)) ? take(REGEX) : undefined;
      push('other', regex ?? take(NUMBER) ?? character);
    }
  }
  return tokens;
}

/** Whether the word at `index` is a property of something, `globalThis` not counting: `thing.async`, `event.Date`. */
export function isProperty(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.text === '.' && tokens[index - 2]?.text !== 'globalThis';
}

function mayBeginRegex(previous: Token | undefined): boolean {
  if (previous === undefined) return true;
  if (previous.kind === 'word') return BEFORE_REGEX.has(previous.text);
  return previous.kind === 'other' && !/[\w)\]}`]$/.test(previous.text);
}
