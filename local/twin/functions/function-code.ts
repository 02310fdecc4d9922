import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { TwinError } from '../twin-error.ts';
import { readZip } from './read-zip.ts';

/** Where code comes from: an asset that is a directory or a zip archive, or text in the template. */
export type CodeSource =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'archive'; readonly path: string }
  | { readonly kind: 'inline'; readonly text: string };

/** Code as an environment needs it. */
export interface LoadedCode {
  readonly taskRoot: string;
  readonly layerRoots: readonly string[];
}

/**
 * Reads where the code of a function or a layer is.
 *
 * @param subject how messages name the resource
 * @throws TwinError where it is not in the assembly.
 */
export function codeSource(resource: ResolvedResource, subject: string): CodeSource {
  const { ZipFile: text } = (resource.properties.Code ?? {}) as { readonly ZipFile?: unknown };
  if (typeof text === 'string') return { kind: 'inline', text };
  const path = resource.metadata['aws:asset:path'];
  if (typeof path !== 'string') {
    throw new TwinError(
      'code-without-asset',
      `${subject}: its code is not an asset of the assembly; use Code.fromAsset, which the twin can load`,
    );
  }
  if (!existsSync(path)) {
    throw new TwinError(
      'missing-asset',
      `${subject}: its code is missing, there is no ${path}; synthesize the assembly again`,
    );
  }
  return { kind: statSync(path).isDirectory() ? 'directory' : 'archive', path };
}

/** Makes directories of code; what it unpacked is gone with `remove`. */
export class CodeStore {
  readonly #unpacked = new Map<string, string>();
  #root: string | undefined;

  /** @throws Error where an archive cannot be read. */
  directoryOf(source: CodeSource): string {
    // Node tells of modules by their real paths, and what lies below the bundle is told from what does not.
    if (source.kind === 'directory') return realpathSync(source.path);
    const key = source.kind === 'inline' ? `inline:${source.text}` : source.path;
    const known = this.#unpacked.get(key);
    if (known !== undefined) return known;
    const directory = this.#newDirectory();
    if (source.kind === 'inline') writeFileSync(join(directory, 'index.js'), source.text);
    else unpack(source.path, directory);
    this.#unpacked.set(key, directory);
    return directory;
  }

  remove(): void {
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true, force: true });
    this.#root = undefined;
    this.#unpacked.clear();
  }

  #newDirectory(): string {
    this.#root ??= realpathSync(mkdtempSync(join(tmpdir(), 'spillway-code-')));
    const directory = join(this.#root, String(this.#unpacked.size + 1));
    mkdirSync(directory);
    return directory;
  }
}

function unpack(file: string, directory: string): void {
  try {
    for (const { path, content } of readZip(readFileSync(file))) {
      const target = join(directory, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  } catch (cause) {
    throw new Error(`the code asset ${file} cannot be unpacked: ${(cause as Error).message}`, { cause });
  }
}
