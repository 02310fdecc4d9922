import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SourceImport, sourceImports } from './source-imports.ts';
import { sourceTokens, type Token } from './source-tokens.ts';

/** The folders that the architecture speaks of. */
const ROOMS = ['bin', 'lib', 'lambdas', 'local', 'test', 'bench'];
/** Fixtures are about other trees than this one; snapshots are named and sized by their tool; packages and what npm writes are not ours. */
const SKIPPED = new Set(['test/fixtures', '__snapshots__', 'node_modules', '.npmrc', 'package-lock.json']);

export interface SourceFile {
  /** From the root of the tree, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Of TypeScript and JavaScript; otherwise empty. */
  readonly tokens: readonly Token[];
  readonly imports: readonly SourceImport[];
}

/** All files in the rooms of a tree, read and cut into tokens. */
export function readSourceTree(root: string): SourceFile[] {
  return ROOMS.flatMap((room) => filesIn(root, room)).map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const tokens = /\.[cm]?[jt]s$/.test(path) ? sourceTokens(text) : [];
    return { path, text, tokens, imports: sourceImports(tokens) };
  });
}

function filesIn(root: string, folder: string): string[] {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(join(root, folder));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (SKIPPED.has(path) || SKIPPED.has(entry.name)) return [];
    return entry.isDirectory() ? filesIn(root, path) : [path];
  });
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}
