import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { DurableMap } from '../durable-map.ts';
import type { Parameter, ParameterType, ParameterVersion } from './parameter.ts';
import { checkName, checkValue } from './parameter-rules.ts';

export interface PutParameter {
  readonly name: string;
  readonly value: string;
  readonly type?: ParameterType | undefined;
  readonly tier?: string | undefined;
  readonly dataType?: string | undefined;
  readonly description?: string | undefined;
  readonly allowedPattern?: string | undefined;
  readonly keyId?: string | undefined;
  readonly policies?: string | undefined;
  /** ARN of whoever writes it. @default - the account's owner, as whom templates are deployed */
  readonly modifiedBy?: string | undefined;
}

/** A parameter and the version of it that a selector picks. */
export interface Selected {
  readonly parameter: Parameter;
  readonly version: ParameterVersion;
  /** `:3` or `:label`, as the caller wrote it. */
  readonly selector?: string;
}

/** What is told of a parameter to whoever listens; the words are those of the event "Parameter Store Change". */
export type ParameterChange = 'Create' | 'Update' | 'Delete' | 'LabelParameterVersion';

const VERSIONS_MAX = 100;

/** Parameters with their versions and labels. */
export class ParameterStore {
  readonly #parameters: DurableMap<Parameter>;
  readonly #arnPrefix: string;
  readonly #nowMs: () => number;
  readonly #onChange: (change: ParameterChange, parameter: Parameter) => void;

  /**
   * @param arnPrefix `arn:aws:ssm:<region>:<account>`.
   * @param onChange told of each change after it was made.
   */
  constructor(
    arnPrefix: string,
    nowMs: () => number,
    database?: DatabaseSync,
    onChange: (change: ParameterChange, parameter: Parameter) => void = () => {},
  ) {
    this.#onChange = onChange;
    this.#arnPrefix = arnPrefix;
    this.#nowMs = nowMs;
    this.#parameters = new DurableMap(database, 'ssm_parameters');
  }

  /** By name. */
  parameters(): Parameter[] {
    return [...this.#parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By name or ARN, without a selector. */
  find(nameOrArn: string): Parameter | undefined {
    return this.#parameters.get(nameOrArn) ?? this.#parameters.get(this.#nameOf(nameOrArn));
  }

  /** @throws AwsError ParameterNotFound */
  parameter(nameOrArn: string): Parameter {
    const parameter = this.find(nameOrArn);
    if (parameter) return parameter;
    throw new AwsError('ParameterNotFound', `Parameter ${nameOrArn} not found.`);
  }

  /**
   * By `name`, `name:version` or `name:label`; the name may be an ARN.
   *
   * @throws AwsError ParameterNotFound, ParameterVersionNotFound
   */
  select(selection: string): Selected {
    const whole = this.find(selection);
    if (whole) return { parameter: whole, version: newest(whole) };
    const colon = selection.lastIndexOf(':');
    const name = colon < 0 ? selection : selection.slice(0, colon);
    const selector = colon < 0 ? '' : selection.slice(colon + 1);
    const parameter = this.parameter(selection.startsWith('arn:') && name.split(':').length < 6 ? selection : name);
    const version = parameter.versions.find(
      ({ version: number, labels }) => String(number) === selector || labels.includes(selector),
    );
    if (version) return { parameter, version, selector: `:${selector}` };
    throw versionNotFound(selector, parameter.name);
  }

  /** Makes a parameter, or a further version of one. @throws AwsError where AWS would not take it. */
  put(given: PutParameter): ParameterVersion {
    const { name, value } = given;
    checkName(name);
    const existing = this.#parameters.get(name);
    if (existing && given.type !== undefined && given.type !== existing.type) {
      throw new AwsError(
        'HierarchyTypeMismatchException',
        `Parameter Store doesn't support changing a parameter type in a hierarchy: ${name} is a ${existing.type}, not a ${given.type}.`,
      );
    }
    const tier = given.tier ?? existing?.tier ?? 'Standard';
    const allowedPattern = given.allowedPattern ?? (existing && newest(existing).allowedPattern);
    checkValue(value, tier, allowedPattern);
    const parameter: Parameter = existing ?? {
      name,
      arn: `${this.#arnPrefix}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
      type: given.type ?? 'String',
      tier,
      dataType: given.dataType ?? 'text',
      tags: {},
      versions: [],
    };
    Object.assign(parameter, {
      tier,
      keyId: parameter.type === 'SecureString' ? (given.keyId ?? parameter.keyId ?? 'alias/aws/ssm') : undefined,
      policies: given.policies ?? parameter.policies,
    });
    const version: ParameterVersion = {
      version: existing ? newest(existing).version + 1 : 1,
      value,
      modifiedMs: this.#nowMs(),
      modifiedBy: given.modifiedBy ?? `arn:aws:iam::${this.#arnPrefix.split(':')[4]}:root`,
      description: given.description ?? (existing && newest(existing).description),
      allowedPattern,
      labels: [],
    };
    makeRoom(parameter);
    parameter.versions.push(version);
    this.#parameters.set(name, parameter);
    this.#onChange(existing ? 'Update' : 'Create', parameter);
    return version;
  }

  delete(parameter: Parameter): void {
    this.#parameters.delete(parameter.name);
    this.#onChange('Delete', parameter);
  }

  /** Has to be called after a parameter was changed in place. */
  changed(parameter: Parameter): void {
    this.#parameters.changed(parameter.name);
  }

  /** Has to be called after a version was given a label. */
  labelled(parameter: Parameter): void {
    this.changed(parameter);
    this.#onChange('LabelParameterVersion', parameter);
  }

  flush(): void {
    this.#parameters.flush();
  }

  #nameOf(nameOrArn: string): string {
    const path = nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf(':parameter/') + 10) : nameOrArn;
    return this.#parameters.has(path) ? path : path.slice(1);
  }
}

/** The version that is read where none is named. */
export function newest({ versions }: Parameter): ParameterVersion {
  const last = versions.at(-1);
  if (last) return last;
  throw new RangeError('a parameter has at least one version');
}

export function versionNotFound(selector: string, name: string): AwsError {
  return new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
  );
}

/** A hundred versions are kept; the oldest goes, unless it has a label. */
function makeRoom(parameter: Parameter): void {
  const [oldest] = parameter.versions;
  if (!oldest || parameter.versions.length < VERSIONS_MAX) return;
  if (oldest.labels.length > 0) {
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite flag. ` +
        `Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the ` +
        'label to another version of the parameter, and try again.',
    );
  }
  parameter.versions.shift();
}
