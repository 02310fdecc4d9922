import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalInteger, requiredList, requiredText } from '../member-constraints.ts';
import type { Parameter, ParameterVersion } from './parameter.ts';
import { isLabel } from './parameter-rules.ts';
import { newest, type ParameterStore, versionNotFound } from './parameter-store.ts';

const LABELS_MAX = 10;

/** Labels of versions, and tags of parameters. */
export function labelAndTagOperations(store: ParameterStore): AwsService {
  const versionOf = (input: Input, parameter: Parameter): ParameterVersion => {
    const number = optionalInteger(input, 'ParameterVersion') ?? newest(parameter).version;
    const version = parameter.versions.find((known) => known.version === number);
    if (version) return version;
    throw versionNotFound(String(number), parameter.name);
  };
  const tagged = (input: Input): Parameter => {
    const type = requiredText(input, 'ResourceType');
    const id = requiredText(input, 'ResourceId');
    const parameter = type === 'Parameter' ? store.find(id) : undefined;
    if (parameter) return parameter;
    if (type !== 'Parameter')
      throw new AwsError('InvalidResourceType', `the twin has tags of a Parameter only, got ${type}`);
    throw new AwsError(
      'InvalidResourceId',
      `The resource ID ${id} is not valid. Verify that you entered the correct ID and try again.`,
    );
  };
  return {
    LabelParameterVersion: (input) => {
      const parameter = store.parameter(requiredText(input, 'Name', { minLength: 1 }));
      const labels = requiredList<string>(input, 'Labels', { minLength: 1, maxLength: LABELS_MAX });
      const version = versionOf(input, parameter);
      const valid = labels.filter(isLabel);
      const added = valid.filter((label) => !version.labels.includes(label));
      if (version.labels.length + added.length > LABELS_MAX) {
        throw new AwsError(
          'ParameterVersionLabelLimitExceeded',
          `A parameter version can have a maximum of ${LABELS_MAX} labels. Version ${version.version} of ${parameter.name} would have ` +
            `${version.labels.length + added.length}. Remove some labels, and try again.`,
        );
      }
      // A label belongs to one version: it moves.
      for (const other of parameter.versions) removeLabels(other, added);
      version.labels.push(...added);
      store.labelled(parameter);
      return { InvalidLabels: labels.filter((label) => !isLabel(label)), ParameterVersion: version.version };
    },
    UnlabelParameterVersion: (input) => {
      const parameter = store.parameter(requiredText(input, 'Name', { minLength: 1 }));
      const labels = requiredList<string>(input, 'Labels', { minLength: 1, maxLength: LABELS_MAX });
      const version = versionOf(input, parameter);
      const RemovedLabels = labels.filter((label) => version.labels.includes(label));
      removeLabels(version, RemovedLabels);
      store.changed(parameter);
      return { RemovedLabels, InvalidLabels: labels.filter((label) => !RemovedLabels.includes(label)) };
    },
    AddTagsToResource: (input) => {
      const parameter = tagged(input);
      for (const { Key, Value } of requiredList<{ Key: string; Value: string }>(input, 'Tags'))
        parameter.tags[Key] = Value;
      store.changed(parameter);
    },
    RemoveTagsFromResource: (input) => {
      const parameter = tagged(input);
      for (const key of requiredList<string>(input, 'TagKeys')) delete parameter.tags[key];
      store.changed(parameter);
    },
    ListTagsForResource: (input) => ({
      TagList: Object.entries(tagged(input).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}

function removeLabels({ labels }: ParameterVersion, removed: readonly string[]): void {
  labels.splice(0, labels.length, ...labels.filter((label) => !removed.includes(label)));
}
