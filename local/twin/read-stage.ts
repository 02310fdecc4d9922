import { readAssembly } from './assembly/read-assembly.ts';
import { type ResolvedAssembly, resolveAssembly } from './assembly/resolve-assembly.ts';

/** A cloud assembly, read and resolved, with the place where the twin believes it deployed. */
export interface StageAssembly extends ResolvedAssembly {
  readonly region: string;
  readonly accountId: string;
}

/** @throws TwinError where there is no assembly, or something in it that the twin does not know. */
export function readStage(assemblyDir: string): StageAssembly {
  const stacks = readAssembly(assemblyDir);
  const { region = '', accountId = '' } = stacks[0] ?? {};
  return { region, accountId, ...resolveAssembly(stacks) };
}
