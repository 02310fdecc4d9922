import { fileRules } from './file-rules.ts';
import { importRules } from './import-rules.ts';
import type { Rule } from './rule.ts';
import { readSourceTree } from './source-tree.ts';

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly rule: Rule;
}

export const architectureRules: readonly Rule[] = [...importRules, ...fileRules];

/** Every breach of every rule in the tree at `root`. */
export function checkArchitecture(root: string): Violation[] {
  return readSourceTree(root).flatMap((file) =>
    architectureRules
      .filter((rule) => rule.applies(file.path))
      .flatMap((rule) => rule.findings(file).map(({ line, what }) => ({ file: file.path, line, what, rule }))),
  );
}

/** `lib/api/route.ts:3 imports 'x': <the rule's sentence>` */
export function describeViolation({ file, line, what, rule }: Violation): string {
  return `${file}:${line} ${what}: ${rule.sentence}`;
}
