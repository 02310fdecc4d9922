import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Twin } from '../../local/twin/twin.ts';
import { runTwin } from '../support/running-twin.ts';

interface Step {
  readonly commands: string;
  readonly expected: string;
}

const tour = readFileSync(new URL('../../docs/tour.md', import.meta.url), 'utf8');

/** The `sh` blocks of a page, each with the `text` block that follows it. */
function stepsOf(page: string): Step[] {
  return [...page.matchAll(/```sh\n([\s\S]*?)```\s+```text\n([\s\S]*?)```/g)].map((match) => ({
    commands: match[1] ?? '',
    expected: match[2] ?? '',
  }));
}

/** `…` stands for anything, within a line or, on a line of its own, for any lines. */
function pattern(expected: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = expected.trimEnd().split('\n');
  const body = lines
    .map((line) => (line === '…' ? '[\\s\\S]*?' : line.split('…').map(literal).join('.*?')))
    .join('\\r?\\n');
  return new RegExp(`^\\s*${body}\\s*$`, 'i');
}

const curlIsMissing = spawnSync('curl', ['--version']).error !== undefined;

describe.skipIf(curlIsMissing)('docs/tour.md', () => {
  const steps = stepsOf(tour);
  let twin: Twin;
  let outputs: string[];

  beforeAll(async () => {
    twin = await runTwin();
    const marker = '=== end of step ===';
    const script = steps.map((step) => `${step.commands}\necho; echo '${marker}'`).join('\n');
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      script.replaceAll('http://127.0.0.1:3000', twin.apiUrl).replaceAll('http://127.0.0.1:4566', twin.awsEndpointUrl),
    ]);
    outputs = stdout.split(`${marker}\n`);
    // Workers come to it when there is a core for them, which on machines of tests may be a while.
  }, 180_000);
  afterAll(() => twin?.close());

  it('names a result for every block of commands', () => {
    expect(steps).toHaveLength(tour.match(/```sh\n/g)?.length ?? 0);
    expect(steps.length).toBeGreaterThan(8);
  });

  it.each(steps.map((step, index) => [step.commands.trim().split('\n').at(-1) ?? '', index] as const))(
    'prints what the page says: %s',
    (_command, index) => {
      expect(outputs[index]).toMatch(pattern(steps[index]?.expected ?? 'missing'));
    },
  );
});
