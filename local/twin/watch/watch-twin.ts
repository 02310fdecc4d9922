import { join } from 'node:path';
import type { Twin } from '../twin.ts';
import { changeApplier } from './change-applier.ts';
import { watchSources } from './source-watcher.ts';
import { warmSynthesizer } from './warm-synthesizer.ts';

export interface WatchOptions {
  readonly twin: Pick<Twin, 'apply'>;
  readonly log: (message: string) => void;
  /** Directory of the assembly that the twin runs. */
  readonly assemblyDir: string;
}

export interface StageWatchOptions extends WatchOptions {
  readonly projectDir: string;
  readonly stage: string;
}

export interface Watch {
  /** Resolves when no change is being applied any more. */
  close(): Promise<void>;
}

/** What a stage is made of. */
const SOURCES = ['bin', 'lib', 'lambdas', 'cdk.json'];
/** The CDK writes an assembly file by file, in some hundred milliseconds. */
const ASSEMBLY_QUIET_MS = 400;

/** Applies what is saved in the sources of a stage. */
export function watchStage({ twin, log, assemblyDir, projectDir, stage }: StageWatchOptions): Watch {
  const synthesizer = warmSynthesizer({ projectDir, stage, outDir: assemblyDir });
  const applier = changeApplier({
    synthesize: () => synthesizer.synthesize(),
    apply: () => twin.apply(assemblyDir),
    log,
    nowMs: Date.now,
  });
  const watcher = watchSources({
    paths: SOURCES.map((source) => join(projectDir, source)),
    onChange: (files) => applier.changed(files),
  });
  return {
    close: async () => {
      watcher.close();
      synthesizer.close();
      await applier.settled();
    },
  };
}

/** Applies what another program synthesizes into the assembly. */
export function watchAssembly({ twin, log, assemblyDir }: WatchOptions): Watch {
  const applier = changeApplier({
    apply: () => twin.apply(assemblyDir),
    log,
    nowMs: Date.now,
  });
  const watcher = watchSources({
    paths: [assemblyDir],
    quietMs: ASSEMBLY_QUIET_MS,
    onChange: () => applier.changed([assemblyDir]),
  });
  return {
    close: async () => {
      watcher.close();
      await applier.settled();
    },
  };
}
