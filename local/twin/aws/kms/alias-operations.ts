import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalText, requiredText } from '../member-constraints.ts';
import type { KeyStore } from './key-store.ts';
import { kmsNotFound } from './kms-error.ts';
import { markerPage } from './marker-page.ts';

const ALIAS = { minLength: 1, maxLength: 256, pattern: /[a-zA-Z0-9:/_-]+/ };

export function aliasOperations(store: KeyStore): AwsService {
  const arnOf = (name: string): string => `${store.arnPrefix}:${name}`;
  const nameOf = (input: Input): string => {
    const name = requiredText(input, 'AliasName', ALIAS);
    if (/^alias\/.+/.test(name) && !name.startsWith('alias/aws/')) return name;
    throw new AwsError(
      'InvalidAliasNameException',
      `Alias must start with the prefix "alias/", and "alias/aws/" is reserved: got ${name}. Please see ` +
        'https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  };
  const existing = (name: string): string => {
    if (store.alias(name)) return name;
    throw kmsNotFound(`Alias ${arnOf(name)} is not found.`);
  };
  return {
    CreateAlias: (input) => {
      const name = nameOf(input);
      if (store.alias(name)) {
        throw new AwsError('AlreadyExistsException', `An alias with the name ${arnOf(name)} already exists`);
      }
      store.setAlias(name, store.key(requiredText(input, 'TargetKeyId')).id);
    },
    UpdateAlias: (input) => {
      store.setAlias(existing(nameOf(input)), store.key(requiredText(input, 'TargetKeyId')).id);
    },
    DeleteAlias: (input) => {
      store.deleteAlias(existing(nameOf(input)));
    },
    ListAliases: (input) => {
      const of = optionalText(input, 'KeyId');
      const keyId = of === undefined ? undefined : store.key(of).id;
      const aliases = store.aliases().filter((alias) => keyId === undefined || alias.keyId === keyId);
      const { items, ...more } = markerPage(aliases, input, 100, ({ name }) => name);
      return {
        Aliases: items.map((alias) => ({
          AliasName: alias.name,
          AliasArn: arnOf(alias.name),
          TargetKeyId: alias.keyId,
          CreationDate: alias.createdMs / 1_000,
          LastUpdatedDate: alias.updatedMs / 1_000,
        })),
        ...more,
      };
    },
  };
}
