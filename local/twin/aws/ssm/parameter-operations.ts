import type { AwsService } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalText, requiredList, requiredText } from '../member-constraints.ts';
import { type ParameterType, TIERS, TYPES } from './parameter.ts';
import { invalidParameterRequest } from './parameter-rules.ts';
import type { ParameterStore } from './parameter-store.ts';

const NAMES_MAX = 10;

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Writing and deleting. @param callerArn whose access key it is */
export function parameterOperations(
  store: ParameterStore,
  callerArn: (accessKeyId: string | undefined) => string,
): AwsService {
  return {
    PutParameter: (input, { accessKeyId }) => {
      const name = requiredText(input, 'Name', { minLength: 1, maxLength: 2048 });
      const value = requiredText(input, 'Value');
      const type = optionalText(input, 'Type', { oneOf: TYPES }) as ParameterType | undefined;
      const tier = optionalText(input, 'Tier', { oneOf: TIERS });
      const tags = (input.Tags ?? []) as readonly Tag[];
      const existing = store.find(name);
      if (existing && input.Overwrite !== true) {
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      if (input.Overwrite === true && tags.length > 0) {
        throw invalidParameterRequest(
          "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite " +
            'flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.',
        );
      }
      if (!existing && type === undefined) {
        throw invalidParameterRequest('A parameter type is required when you create a parameter.');
      }
      if (value === '')
        throw invalidParameterRequest(
          "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
      const { version } = store.put({
        name,
        value,
        type,
        // Intelligent tiering picks the cheaper tier that the value fits in.
        tier: tier === 'Intelligent-Tiering' ? (Buffer.byteLength(value) > 4_096 ? 'Advanced' : 'Standard') : tier,
        description: optionalText(input, 'Description', { maxLength: 1024 }),
        allowedPattern: optionalText(input, 'AllowedPattern', { maxLength: 1024 }),
        keyId: optionalText(input, 'KeyId'),
        dataType: optionalText(input, 'DataType'),
        policies: optionalText(input, 'Policies'),
        modifiedBy: callerArn(accessKeyId),
      });
      const parameter = store.parameter(name);
      for (const { Key, Value } of tags) parameter.tags[Key] = Value;
      return { Version: version, Tier: parameter.tier };
    },
    DeleteParameter: (input) => {
      store.delete(store.parameter(requiredText(input, 'Name', { minLength: 1 })));
    },
    DeleteParameters: (input) => {
      const names = requiredList<string>(input, 'Names', { minLength: 1, maxLength: NAMES_MAX });
      const InvalidParameters = names.filter((name) => store.find(name) === undefined);
      const DeletedParameters = names.filter((name) => !InvalidParameters.includes(name));
      for (const name of DeletedParameters) store.delete(store.parameter(name));
      return { DeletedParameters, InvalidParameters };
    },
  };
}
