import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A resource as its template has it. */
export interface TemplateEntry {
  readonly Type: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: templates are edited as what they are, JSON
  readonly Properties: any;
}

/** A cloud assembly that is like another one but for what `edit` does to resources; bundles are the very same files. */
export function editedAssembly(
  assemblyDir: string,
  edit: (resource: TemplateEntry, path: string) => void,
): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-edited-'));
  for (const name of readdirSync(assemblyDir)) {
    const [from, to] = [join(assemblyDir, name), join(directory, name)];
    if (!name.endsWith('.template.json')) {
      symlinkSync(from, to);
      continue;
    }
    const template = JSON.parse(readFileSync(from, 'utf8')) as { readonly Resources: Record<string, TemplateEntry> };
    for (const resource of Object.values(template.Resources)) edit(resource, pathOf(resource));
    writeFileSync(to, JSON.stringify(template));
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function pathOf({ Metadata }: TemplateEntry): string {
  return String(Metadata?.['aws:cdk:path'] ?? '');
}
