import { createCipheriv, randomBytes } from 'node:crypto';
import type { AwsService } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { requiredList, requiredText } from '../member-constraints.ts';
import type { Parameter, ParameterVersion } from './parameter.ts';
import { isUnder, page, passesFilters } from './parameter-filters.ts';
import { checkPath } from './parameter-rules.ts';
import { newest, type ParameterStore, type Selected } from './parameter-store.ts';

const NAMES_MAX = 10;
const BY_PATH_MAX = 10;
const LIST_MAX = 50;
type Filters = Parameters<typeof passesFilters>[1];

/** Reading values and descriptions. */
export function readOperations(store: ParameterStore): AwsService {
  return {
    GetParameter: (input) => {
      const name = requiredText(input, 'Name', { minLength: 1, maxLength: 2048 });
      return { Parameter: describeValue(store.select(name), input.WithDecryption === true) };
    },
    GetParameters: (input) => {
      const names = requiredList<string>(input, 'Names', { minLength: 1, maxLength: NAMES_MAX });
      const InvalidParameters: string[] = [];
      const found = [...new Set(names)].flatMap((name) => {
        try {
          return describeValue(store.select(name), input.WithDecryption === true);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          InvalidParameters.push(name);
          return [];
        }
      });
      return { Parameters: found, InvalidParameters };
    },
    GetParametersByPath: (input) => {
      const path = requiredText(input, 'Path', { minLength: 1, maxLength: 2048 });
      checkPath(path);
      const filters = input.ParameterFilters as Filters;
      const below = store
        .parameters()
        .filter(
          (parameter) => isUnder(parameter.name, path, input.Recursive === true) && passesFilters(parameter, filters),
        );
      const label = filters?.find(({ Key }) => Key === 'Label')?.Values?.[0];
      const { items, ...next } = page(below, input, BY_PATH_MAX, ({ name }) => name);
      return {
        Parameters: items.map((parameter) => describeValue(atLabel(parameter, label), input.WithDecryption === true)),
        ...next,
      };
    },
    GetParameterHistory: (input) => {
      const parameter = store.parameter(requiredText(input, 'Name', { minLength: 1 }));
      const { items, ...next } = page(parameter.versions, input, LIST_MAX, ({ version }) => String(version));
      return {
        Parameters: items.map((version) => ({
          ...describe(parameter, version),
          Value: shownValue({ parameter, version }, input.WithDecryption === true),
          Labels: version.labels,
        })),
        ...next,
      };
    },
    DescribeParameters: (input) => {
      const filters = input.ParameterFilters as Filters;
      const matching = store.parameters().filter((parameter) => passesFilters(parameter, filters));
      const { items, ...next } = page(matching, input, LIST_MAX, ({ name }) => name);
      return {
        Parameters: items.map((parameter) => ({ ARN: parameter.arn, ...describe(parameter, newest(parameter)) })),
        ...next,
      };
    },
  };
}

function atLabel(parameter: Parameter, label: string | undefined): Selected {
  const labelled = label === undefined ? undefined : parameter.versions.find(({ labels }) => labels.includes(label));
  return { parameter, version: labelled ?? newest(parameter) };
}

function describeValue(selected: Selected, isDecrypted: boolean): Record<string, unknown> {
  const { parameter, version, selector } = selected;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: shownValue(selected, isDecrypted),
    Version: version.version,
    ...(selector !== undefined && { Selector: selector }),
    LastModifiedDate: version.modifiedMs / 1_000,
    ARN: parameter.arn,
    DataType: parameter.dataType,
  };
}

/** Members that are `undefined` are left out of the JSON. */
function describe(parameter: Parameter, version: ParameterVersion): Record<string, unknown> {
  const policies = parameter.policies === undefined ? [] : (JSON.parse(parameter.policies) as unknown[]);
  return {
    Name: parameter.name,
    Type: parameter.type,
    KeyId: parameter.keyId,
    LastModifiedDate: version.modifiedMs / 1_000,
    LastModifiedUser: version.modifiedBy,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: parameter.tier,
    Policies: policies.map((policy) => ({ PolicyText: JSON.stringify(policy), PolicyStatus: 'Pending' })),
    DataType: parameter.dataType,
  };
}

const CIPHER_KEY = randomBytes(32);

/** A SecureString that is not to be decrypted is told as ciphertext. Only Parameter Store itself could read it: nobody needs to. */
function shownValue({ parameter, version }: Selected, isDecrypted: boolean): string {
  if (parameter.type !== 'SecureString' || isDecrypted) return version.value;
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', CIPHER_KEY, iv);
  return Buffer.concat([iv, cipher.update(version.value), cipher.final(), cipher.getAuthTag()]).toString('base64');
}
