import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../local/twin/assembly/read-assembly.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spillway-assembly-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Writes an assembly of empty stacks, each for an environment as the CDK writes it, and of assemblies of stages. */
function write(stacks: Readonly<Record<string, string>>, stages: readonly string[] = [], at = directory): void {
  mkdirSync(at, { recursive: true });
  const artifacts: Record<string, unknown> = {};
  for (const [name, environment] of Object.entries(stacks)) {
    artifacts[name] = { type: 'aws:cloudformation:stack', environment };
    writeFileSync(join(at, `${name}.template.json`), '{}');
  }
  for (const directoryName of stages)
    artifacts[directoryName] = { type: 'cdk:cloud-assembly', properties: { directoryName } };
  writeFileSync(join(at, 'manifest.json'), JSON.stringify({ artifacts }));
}

const places = () => readAssembly(directory).map(({ name, accountId, region }) => [name, accountId, region].join(' '));
const UNKNOWN = 'aws://unknown-account/unknown-region';

describe('readAssembly', () => {
  it('takes stacks that name no place for ones of the default', () => {
    write({ A: UNKNOWN, B: UNKNOWN });
    expect(places()).toEqual(['A 000000000000 us-east-1', 'B 000000000000 us-east-1']);
  });

  it('takes stacks that name no place for ones beside those that do', () => {
    write({ A: UNKNOWN, B: 'aws://111122223333/unknown-region', C: 'aws://unknown-account/eu-west-1' });
    expect(places()).toEqual(['A', 'B', 'C'].map((name) => `${name} 111122223333 eu-west-1`));
  });

  it.each([
    ['aws://444455556666/eu-west-1', 'account 111122223333', '444455556666'],
    ['aws://111122223333/eu-west-2', 'Region eu-west-1', 'eu-west-2'],
  ])('fails on a stack for another account or Region, in a Stage, too (%s)', (environment, first, other) => {
    const message =
      `stack 'B' is for ${first} and stack 'C' for ${other}: the twin runs one account and Region; ` +
      'give an assembly with the stacks of one, such as the directory assembly-NAME of a Stage';
    write({ A: UNKNOWN, B: 'aws://111122223333/eu-west-1', C: environment });
    expect(places).toThrow(message);
    write({ A: UNKNOWN, B: 'aws://111122223333/eu-west-1' }, ['assembly-Prod']);
    write({ C: environment }, [], join(directory, 'assembly-Prod'));
    expect(places).toThrow(message);
  });
});
