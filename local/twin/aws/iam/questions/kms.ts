import type { Input } from '../../aws-call.ts';
import { readHeader } from '../../kms/ciphertext.ts';
import type { Context } from '../model/context.ts';
import type { Names } from '../names.ts';
import { ANY, type Ask, each, member, objectOf, type ServiceQuestions } from '../question.ts';

/** A ciphertext knows its key, so that Decrypt needs not name it. */
function keyOf(input: Input, { key }: Names): string {
  const given = member(input, 'KeyId') || member(input, 'SourceKeyId') || member(input, 'TargetKeyId');
  if (given !== '') return key(given);
  const header = readHeader(Buffer.from(member(input, 'CiphertextBlob'), 'base64'));
  return header ? key(header.keyId) : '*';
}

/** `kms:EncryptionContext:<name>`, its keys, the algorithm, and the alias that was used. */
function contextOfKey(input: Input, encryptionContext: unknown = input.EncryptionContext): Context {
  const pairs = objectOf(encryptionContext);
  const byName = new Map(Object.entries(pairs).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return (key) => {
    if (key.startsWith('kms:encryptioncontext:')) return byName.get(key.slice('kms:encryptioncontext:'.length));
    switch (key) {
      case 'kms:encryptioncontextkeys':
        return byName.size > 0 ? Object.keys(pairs) : undefined;
      case 'kms:encryptionalgorithm':
        return member(input, 'EncryptionAlgorithm') || undefined;
      case 'kms:signingalgorithm':
        return member(input, 'SigningAlgorithm') || undefined;
      case 'kms:messagetype':
        return member(input, 'MessageType') || undefined;
      case 'kms:requestalias': {
        const id = member(input, 'KeyId');
        return id.includes('alias/') ? id.slice(id.indexOf('alias/')) : undefined;
      }
      default:
        return undefined;
    }
  };
}

const reEncrypt: Ask = (input, names) => [
  {
    action: 'kms:ReEncryptFrom',
    resource: keyOf(input, names),
    context: contextOfKey(input, input.SourceEncryptionContext),
  },
  {
    action: 'kms:ReEncryptTo',
    resource: names.key(member(input, 'DestinationKeyId')),
    context: contextOfKey(input, input.DestinationEncryptionContext),
  },
];

/** Aliases are asked about on both the alias and its key. */
const aliasOperation =
  (operation: string): Ask =>
  (input, names) => {
    const action = `kms:${operation}`;
    const alias = member(input, 'AliasName');
    return [
      { action, resource: names.arn('kms', alias) },
      { action, resource: operation === 'DeleteAlias' ? names.key(alias) : keyOf(input, names) },
    ];
  };

export const KMS_QUESTIONS: ServiceQuestions = {
  ...each('kms', ['CreateKey', 'GenerateRandom', 'ListAliases', 'ListKeys'], ANY),
  ...each(
    'kms',
    [
      'CancelKeyDeletion',
      'CreateGrant',
      'Decrypt',
      'DeriveSharedSecret',
      'DescribeKey',
      'DisableKey',
      'DisableKeyRotation',
      'EnableKey',
      'EnableKeyRotation',
      'Encrypt',
      'GenerateDataKey',
      'GenerateDataKeyPair',
      'GenerateDataKeyPairWithoutPlaintext',
      'GenerateDataKeyWithoutPlaintext',
      'GenerateMac',
      'GetKeyPolicy',
      'GetKeyRotationStatus',
      'GetPublicKey',
      'ListGrants',
      'ListKeyPolicies',
      'ListKeyRotations',
      'ListResourceTags',
      'PutKeyPolicy',
      'RetireGrant',
      'RevokeGrant',
      'RotateKeyOnDemand',
      'ScheduleKeyDeletion',
      'Sign',
      'TagResource',
      'UntagResource',
      'UpdateKeyDescription',
      'Verify',
      'VerifyMac',
    ],
    keyOf,
    contextOfKey,
  ),
  CreateAlias: aliasOperation('CreateAlias'),
  DeleteAlias: aliasOperation('DeleteAlias'),
  ReEncrypt: reEncrypt,
  UpdateAlias: aliasOperation('UpdateAlias'),
};
