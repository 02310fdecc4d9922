import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { synthesize } from '../../../../local/twin/assembly/synthesize.ts';

const projectDir = mkdtempSync(join(tmpdir(), 'spillway-synthesize-'));
afterEach(() => rmSync(projectDir, { recursive: true, force: true }));

/** Runs an app whose stages are this text. */
function synthesizeStages(stages: string): Promise<void> {
  mkdirSync(join(projectDir, 'bin'), { recursive: true });
  writeFileSync(join(projectDir, 'cdk.json'), '{}');
  writeFileSync(join(projectDir, 'bin/require-node.mjs'), '');
  writeFileSync(join(projectDir, 'bin/spillway.ts'), "import './stages.ts';\n");
  writeFileSync(join(projectDir, 'bin/stages.ts'), stages);
  return synthesize({ projectDir, stage: 'dev', outDir: join(projectDir, 'out') });
}

describe('synthesize', () => {
  it.each([
    ['a slip of the pen', 'export const STAGES = {\n  dev: { burst: 1 ,\n};\n};\n', /: .+ \(bin\/stages\.ts:\d\)$/],
    [
      'a call of what is not there',
      'const Tier = {} as any;\n\nTier.fre();\n',
      /: Tier\.fre is not a function \(bin\/stages\.ts:3\)$/,
    ],
  ])('fails with the place of %s, and without a stack trace', async (_, stages, message) => {
    const failure = synthesizeStages(stages);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/\n/);
  });

  it('fails with the sentence alone where the app says what is wrong', async () => {
    const failure = synthesizeStages("process.stderr.write('spillway: burst must be 1\\n'); process.exit(1);\n");
    await expect(failure).rejects.toThrow(/^the CDK app failed for stage 'dev': burst must be 1$/);
  });
});
