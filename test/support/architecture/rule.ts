import { posix } from 'node:path';
import type { SourceImport } from './source-imports.ts';
import { isProperty } from './source-tokens.ts';
import type { SourceFile } from './source-tree.ts';

/** One rule of docs and brief, checked file by file. */
export interface Rule {
  /** Short name, by which fixtures say what they break. */
  readonly id: string;
  /** The rule as a person would say it. */
  readonly sentence: string;
  applies(path: string): boolean;
  findings(file: SourceFile): readonly Finding[];
}

export interface Finding {
  readonly line: number;
  /** What was found there. */
  readonly what: string;
}

/** What an import leads to: a path from the root, or a package's name (`node:` and subpaths kept). */
export function importTarget(file: SourceFile, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : specifier;
}

/**
 * Whether a target is one of the names: `folder/` for everything in a folder, `@scope/` and `node:` likewise, and a
 * plain name for one package with its subpaths.
 */
export function isAmong(target: string, names: readonly string[]): boolean {
  return names.some((name) =>
    /[/:]$/.test(name) ? target.startsWith(name) : target === name || target.startsWith(`${name}/`),
  );
}

/** What files of a room may import besides their own folder. */
interface Allowance {
  readonly id: string;
  readonly sentence: string;
  readonly applies: (path: string) => boolean;
  /** Prefix of the path that is the room itself. */
  readonly own: (path: string) => string;
  readonly may: readonly string[];
  /** What it may import the types of, and nothing that is there at run time. */
  readonly mayTypes?: readonly string[];
}

/** A rule that lists what a room may import; everything else breaks it. */
export function mayOnlyImport({ id, sentence, applies, own, may, mayTypes = [] }: Allowance): Rule {
  const isAllowed = (file: SourceFile, { specifier, isType }: SourceImport): boolean => {
    if (specifier === undefined) return false;
    const names = [own(file.path), ...may, ...(isType ? mayTypes : [])];
    return isAmong(importTarget(file, specifier), names);
  };
  return {
    id,
    sentence,
    applies,
    findings: (file) => file.imports.filter((found) => !isAllowed(file, found)).map(describeImport),
  };
}

/** A rule that lists what files may not import. */
export function neverImports(rule: Omit<Rule, 'findings'> & { readonly never: readonly string[] }): Rule {
  const isBanned = (file: SourceFile, { specifier }: SourceImport) =>
    specifier !== undefined && isAmong(importTarget(file, specifier), rule.never);
  return { ...rule, findings: (file) => file.imports.filter((found) => isBanned(file, found)).map(describeImport) };
}

/**
 * A rule against words: `async` alone, or `Math.random` for a sequence of tokens. A property of that name
 * (`thing.async`) is none of the words.
 */
export function neverSays(rule: Omit<Rule, 'findings'> & { readonly words: readonly string[] }): Rule {
  const phrases = rule.words.map((word) => word.match(/\w+|[^\w\s]/g) ?? []);
  return {
    ...rule,
    findings: ({ tokens }) =>
      tokens.flatMap((token, index) => {
        if (token.kind !== 'word' || isProperty(tokens, index)) return [];
        const phrase = phrases.find((parts) => parts.every((part, offset) => tokens[index + offset]?.text === part));
        return phrase === undefined ? [] : [{ line: token.line, what: `says '${phrase.join('')}'` }];
      }),
  };
}

function describeImport({ specifier, line }: SourceImport): Finding {
  return { line, what: specifier === undefined ? 'imports what an expression says' : `imports '${specifier}'` };
}
