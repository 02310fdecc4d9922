import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { architectureRules, checkArchitecture, describeViolation } from './support/architecture/check-architecture.ts';

const ROOT = join(import.meta.dirname, '..');
const FIXTURE = join(import.meta.dirname, 'fixtures/architecture');

describe('architecture', () => {
  it('is kept by every file', () => {
    expect(checkArchitecture(ROOT).map(describeViolation)).toEqual([]);
  });
});

describe('architecture rules, on a tree that breaks them', () => {
  const violations = checkArchitecture(FIXTURE);

  it('find each breach at its line, and nothing else', () => {
    const found = violations.map(({ file, line, rule }) => `${file}:${line} ${rule.id}`);
    expect(found.toSorted()).toEqual(expectedBreaches().toSorted());
  });

  it('are each broken at least once', () => {
    const broken = new Set(violations.map(({ rule }) => rule.id));
    expect(architectureRules.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
  });

  it('are reported with file, line, what was found, and the sentence of the rule', () => {
    expect(violations.map(describeViolation)).toContain(
      "lambdas/contract/tables.ts:2 imports 'aws-cdk-lib': lambdas never imports aws-cdk-lib or constructs: it runs in AWS, they run at synth",
    );
  });
});

/** A line of the fixture says which rules it breaks: `import 'x'; // breaks: rule, other-rule`. */
function expectedBreaches(): string[] {
  const files = readdirSync(FIXTURE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ parentPath, name }) => {
    const path = join(parentPath, name);
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.flatMap((line, index) => {
      const ids = /\/\/ breaks: (.+)$/.exec(line)?.[1]?.split(', ') ?? [];
      return ids.map((id) => `${path.slice(FIXTURE.length + 1)}:${index + 1} ${id}`);
    });
  });
}
