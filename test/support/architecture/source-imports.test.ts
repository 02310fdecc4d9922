import { describe, expect, it } from 'vitest';
import { sourceImports } from './source-imports.ts';
import { sourceTokens } from './source-tokens.ts';

const importsOf = (source: string) =>
  sourceImports(sourceTokens(source)).map(
    ({ specifier, isType, line }) => `${line} ${isType ? 'type ' : ''}${specifier ?? 'an expression'}`,
  );

describe('sourceImports', () => {
  it.each([
    ["import 'a';", ['1 a']],
    ["import a from 'a';", ['1 a']],
    ['import a, { b as c } from "a";', ['1 a']],
    ["import * as a from 'a';", ['1 a']],
    ["import {\n  a,\n  type B,\n} from 'a';", ['4 a']],
    ["import data from './a.json' with { type: 'json' };", ['1 ./a.json']],
    ["import type { A } from 'a';", ['1 type a']],
    ["import type A from 'a';", ['1 type a']],
    ["import type from 'a';", ['1 a']],
    ["import type, { b } from 'a';", ['1 a']],
    ["export * from 'a'; export * as b from 'b'; export type * from 'c';", ['1 a', '1 b', '1 type c']],
    ["export { a } from 'a'; export type { B } from 'b';", ['1 a', '1 type b']],
    ["const a = await import('a'); type B = import('b').B;", ['1 a', '1 b']],
    ["import('a', { with: {} }); import(`a`); import('a' + b);", ['1 a', '1 an expression', '1 an expression']],
    ["const a = require('a'); thing.require('b'); require(c);", ['1 a']],
  ])('finds those of %j', (source, imports) => {
    expect(importsOf(source)).toEqual(imports);
  });

  it.each([
    "// import 'a'",
    "/* import 'a'\n */",
    'const text = "import \'a\'";',
    `const text = \`import 'a' \${\`import 'a'\`}\`;`,
    "const expression = /import 'a'/;",
    "const list = [/[/]import 'a'/, /\\/import 'a'/];",
    "const url = import.meta.url; const other = { import: 'a' }; thing.import('a');",
    "const a = 1; export { a }; const from = 'a';",
    "export const from = 'a'; export type A = 'a'; export function b() {}",
  ])('finds none in %j', (source) => {
    expect(importsOf(source)).toEqual([]);
  });

  it.each([
    ['a division', "const half = width / 2; import('a'); const third = width / 3;"],
    ['a division after brackets', "const half = (width) / 2 + list[0] / 2; import('a'); // /"],
    ['a substitution with braces', `const text = \`\${{ a: \`\${1}\` }.a} '\`; import('a');`],
    ['an apostrophe in a regular expression', "text.replace(/'/g, ''); import('a');"],
    ['a quote that is escaped', "const text = 'it\\'s'; import('a');"],
    ['a private member', "class A { #a = 1; get b() { return this.#a / 2; } } import('a'); // /"],
  ])('is not led astray by %s', (_, source) => {
    expect(importsOf(source)).toEqual(['1 a']);
  });
});
