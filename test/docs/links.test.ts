import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
];
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
/** What is code may look like a link and be none. */
const proseOf = (page: string) => textOf(page).replace(/```[\s\S]*?```/g, '');

/** Names that links may give after `#`, as GitHub makes them of headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  const anchors = headings.map((heading) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
  return new Set(anchors);
}

/** Why a link leads nowhere. */
function faultOf(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, target))) return `${page} links ${link}, and there is no ${target}`;
  if (anchor === undefined || !target.endsWith('.md')) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : `${page} links ${link}, and ${target} has no such heading`;
}

describe('links of the documentation', () => {
  it('lead to files and headings that are there', () => {
    const faults = pages.flatMap((page) => {
      const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      return links.filter((link) => !/^[a-z]+:/.test(link)).flatMap((link) => faultOf(page, link) ?? []);
    });
    expect(faults).toEqual([]);
  });

  it('that lead nowhere are found', () => {
    expect(faultOf('README.md', 'docs/nothing.md')).toBe(
      'README.md links docs/nothing.md, and there is no docs/nothing.md',
    );
    expect(faultOf('docs/tour.md', '#no-such-place')).toBe(
      'docs/tour.md links #no-such-place, and docs/tour.md has no such heading',
    );
    expect(faultOf('docs/adr/0010-weak-references-between-stacks.md', '../deploy.md#teardown')).toBeUndefined();
  });

  it('come to each page: nobody finds one that none links', () => {
    const linked = new Set(
      pages.flatMap((page) =>
        [...textOf(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, path = '']) =>
          relative(ROOT, resolve(ROOT, dirname(page), path)),
        ),
      ),
    );
    // README links the folder of the decisions.
    const unfound = pages.filter((page) => !linked.has(page) && page !== 'README.md' && !page.startsWith('docs/adr/'));
    expect(unfound).toEqual([]);
  });
});

describe('paths that the code names', () => {
  it('are those of pages that there are', () => {
    const folders = ['bin', 'lib', 'lambdas', 'local', 'bench', 'test'];
    const files = folders.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
        .map((path) => join(folder, path)),
    );
    const missing = files
      .filter((file) => file !== relative(ROOT, import.meta.filename))
      .flatMap((file) =>
        [...textOf(file).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].flatMap(([path]) =>
          existsSync(join(ROOT, path)) ? [] : [`${file}: ${path}`],
        ),
      );
    expect(missing).toEqual([]);
  });
});
