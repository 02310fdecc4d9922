import type { LeversParameter, LeversVersion } from '../../adapters/controls/levers-parameter.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { ControllerSpec } from '../../contract/controller-spec.ts';
import type { Controls, LeverChange, Levers } from '../../contract/controls.ts';
import { diffLevers } from './diff-levers.ts';
import { findUnknownNames } from './find-unknown-names.ts';
import { parseLevers } from './parse-levers.ts';

export interface ReadLeversDependencies {
  readonly spec: Pick<ControllerSpec, 'policies' | 'dependencies'>;
  readonly parameter: LeversParameter;
  readonly logger: ServiceLogger;
  readonly count: (metric: 'LeversChanged' | 'LeversInvalid' | 'LeversUnavailable') => void;
}

/** What was known of the levers before. */
export interface KnownLevers {
  readonly controls: Controls | undefined;
  /** Newest version that was audited; undefined where nobody remembers. */
  readonly auditedVersion: number | undefined;
  /** Versions that this run has audited in an attempt that came too late; those of this attempt are added. */
  readonly audited: Set<number>;
  readonly nowMs: number;
}

export interface CurrentLevers {
  readonly levers: Levers;
  /** Newest first. */
  readonly changes: readonly LeverChange[];
  /** Still undefined where nobody remembers and the history could not be read. */
  readonly auditedVersion: number | undefined;
}

const CHANGES_MAX = 10;
/** Where nobody remembers what was audited, the changes of so long are audited again: rather twice than never. */
const AUDIT_AGAIN_MS = 3_600_000;

/**
 * The levers as an operator has set them, with who changed them last. Valid levers are never given up: what cannot be
 * read or parsed leaves those in force that were valid last, in the parameter's history or else in the store.
 */
export async function readLevers(dependencies: ReadLeversDependencies, known: KnownLevers): Promise<CurrentLevers> {
  const { parameter, logger, count } = dependencies;
  const { controls, auditedVersion } = known;
  const keep: CurrentLevers = {
    levers: controls?.levers ?? {},
    changes: controls?.changes ?? [],
    auditedVersion,
  };
  let current: Pick<LeversVersion, 'version' | 'value'>;
  try {
    current = await parameter.current();
  } catch (error) {
    count('LeversUnavailable');
    logger.error('the levers cannot be read; those in force stay', {
      parameter: parameter.name,
      error: error as Error,
    });
    return keep;
  }
  const parsed = parseLevers(current.value);
  if (parsed.problem !== undefined) {
    count('LeversInvalid');
    logger.error('the levers are invalid; those that were valid last stay in force', {
      parameter: parameter.name,
      version: current.version,
      problem: parsed.problem,
      whatToDo: 'write a valid value: {} lets the system decide',
    });
  }
  // Nothing new: the history, which is two more calls, would say the same.
  if (controls !== undefined && current.version === auditedVersion) {
    return { ...keep, levers: parsed.levers ?? keep.levers };
  }
  let history: readonly LeversVersion[];
  try {
    history = await parameter.history();
  } catch (error) {
    logger.error('the history of the levers cannot be read', { parameter: parameter.name, error: error as Error });
    return { ...keep, levers: parsed.levers ?? keep.levers };
  }
  const changes = history.flatMap(toChange);
  audit(dependencies, changes, known);
  return {
    levers: parsed.levers ?? changes[0]?.levers ?? keep.levers,
    changes: changes.slice(0, CHANGES_MAX),
    // Both reads may lag behind each other; what the history does not show yet is audited by a later run.
    auditedVersion: Math.max(auditedVersion ?? 0, history[0]?.version ?? 0),
  };
}

/** An invalid version never came into force, so it is no change. */
function toChange({ version, value, changedAt, changedBy }: LeversVersion): LeverChange[] {
  const { levers } = parseLevers(value);
  return levers === undefined ? [] : [{ version, changedAt, changedBy, levers }];
}

/**
 * One line per change: who, when, and what is different from what was in force before. A warning where levers name what is
 * not there, since all else of them is in force and looks well.
 */
function audit(
  { spec, parameter, logger, count }: ReadLeversDependencies,
  changes: readonly LeverChange[],
  { auditedVersion, audited, nowMs }: KnownLevers,
): void {
  changes.forEach(({ version, changedAt, changedBy, levers }, index) => {
    const isNew =
      auditedVersion === undefined ? nowMs - Date.parse(changedAt) < AUDIT_AGAIN_MS : version > auditedVersion;
    const before = changes[index + 1]?.levers ?? {};
    const difference = diffLevers(before, levers);
    if (!isNew || audited.has(version) || difference.length === 0) return;
    audited.add(version);
    count('LeversChanged');
    const unknownNames = findUnknownNames(levers, spec);
    logger[unknownNames.length > 0 ? 'warn' : 'info']('levers changed', {
      audit: 'levers',
      parameter: parameter.name,
      version,
      changedAt,
      changedBy,
      changes: difference,
      ...(unknownNames.length > 0 && {
        unknownNames,
        whatToDo: 'these do nothing: GET /api/limits shows the names of policies and breakers',
      }),
    });
  });
}
