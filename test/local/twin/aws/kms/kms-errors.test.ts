import * as sdk from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsRoom, startKms } from '../../../../../local/twin/aws/kms/kms-room.ts';
import { provisionKeys } from '../../../../../local/twin/aws/kms/provision-keys.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const KeyId = '11111111-0000-0000-0000-000000000000';
const P256 = '22222222-0000-0000-0000-000000000000';
const prefix = 'arn:aws:kms:eu-west-1:000000000000';
const Message = Buffer.from('m');
type Row = readonly [title: string, () => object, name: string, message: string | RegExp];

/** API reference of KMS: errors and limits of each operation. */
const TABLE: readonly Row[] = [
  [
    'no such key',
    () => new sdk.DescribeKeyCommand({ KeyId: P256.replaceAll('2', '9') }),
    'NotFoundException',
    `Key '${prefix}:key/99999999-0000-0000-0000-000000000000' does not exist`,
  ],
  [
    'an id that is none',
    () => new sdk.DescribeKeyCommand({ KeyId: 'key' }),
    'NotFoundException',
    "Invalid keyId 'key'",
  ],
  [
    'no such alias',
    () => new sdk.EncryptCommand({ KeyId: 'alias/none', Plaintext: Message }),
    'NotFoundException',
    `Alias ${prefix}:alias/none is not found.`,
  ],
  [
    'a plaintext of 4,097 bytes',
    () => new sdk.EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4_097) }),
    'ValidationException',
    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
  ],
  [
    'an empty plaintext',
    () => new sdk.EncryptCommand({ KeyId, Plaintext: Buffer.alloc(0) }),
    'ValidationException',
    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'encryption with a signing key',
    () => new sdk.EncryptCommand({ KeyId: P256, Plaintext: Message }),
    'InvalidKeyUsageException',
    `${prefix}:key/${P256} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
  ],
  [
    'a signature by an encryption key',
    () => new sdk.SignCommand({ KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256' }),
    'InvalidKeyUsageException',
    `${prefix}:key/${KeyId} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
  ],
  [
    'an algorithm of another spec',
    () => new sdk.SignCommand({ KeyId: P256, Message, SigningAlgorithm: 'ECDSA_SHA_384' }),
    'InvalidKeyUsageException',
    'Algorithm ECDSA_SHA_384 and key spec ECC_NIST_P256 are incompatible.',
  ],
  [
    'a digest of the wrong length',
    () => new sdk.SignCommand({ KeyId: P256, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
    'ValidationException',
    'Digest is invalid length for algorithm ECDSA_SHA_256.',
  ],
  [
    'a message of 4,097 bytes',
    () => new sdk.SignCommand({ KeyId: P256, Message: Buffer.alloc(4_097), SigningAlgorithm: 'ECDSA_SHA_256' }),
    'ValidationException',
    /at 'message' failed to satisfy constraint: Member must have length less than or equal to 4096$/,
  ],
  [
    'bytes that are no ciphertext',
    () => new sdk.DecryptCommand({ CiphertextBlob: Buffer.alloc(100) }),
    'InvalidCiphertextException',
    /^The request was rejected because the specified ciphertext/,
  ],
  [
    'a data key of neither size nor spec',
    () => new sdk.GenerateDataKeyCommand({ KeyId }),
    'ValidationException',
    'Please specify either number of bytes or key spec.',
  ],
  [
    'a data key of both',
    () => new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_128', NumberOfBytes: 16 }),
    'ValidationException',
    'Please specify either number of bytes or key spec.',
  ],
  [
    'a data key of 1,025 bytes',
    () => new sdk.GenerateDataKeyCommand({ KeyId, NumberOfBytes: 1_025 }),
    'ValidationException',
    "1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024",
  ],
  [
    'the public key of a symmetric key',
    () => new sdk.GetPublicKeyCommand({ KeyId }),
    'InvalidKeyUsageException',
    /which has no public key\.$/,
  ],
  [
    'a spec that the twin has not',
    () => new sdk.CreateKeyCommand({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }),
    'UnsupportedOperationException',
    /^the twin has no keys of the spec SM2; it has SYMMETRIC_DEFAULT,/,
  ],
  [
    'an asymmetric key without its usage',
    () => new sdk.CreateKeyCommand({ KeySpec: 'RSA_2048' }),
    'ValidationException',
    /^You must specify a KeyUsage value/,
  ],
  [
    'a usage of another spec',
    () => new sdk.CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'ENCRYPT_DECRYPT' }),
    'ValidationException',
    'KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ECC_NIST_P256',
  ],
  [
    'imported material',
    () => new sdk.CreateKeyCommand({ Origin: 'EXTERNAL' }),
    'UnsupportedOperationException',
    'the twin makes key material itself; Origin EXTERNAL is not offered',
  ],
  [
    'an alias that is there',
    () => new sdk.CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: KeyId }),
    'AlreadyExistsException',
    `An alias with the name ${prefix}:alias/app already exists`,
  ],
  [
    'an alias without its prefix',
    () => new sdk.CreateAliasCommand({ AliasName: 'app', TargetKeyId: KeyId }),
    'InvalidAliasNameException',
    /^Alias must start with the prefix "alias\/".* got app\./,
  ],
  [
    'the rotation of an asymmetric key',
    () => new sdk.EnableKeyRotationCommand({ KeyId: P256 }),
    'UnsupportedOperationException',
    /which is not rotated\.$/,
  ],
  [
    'a rotation every 89 days',
    () => new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 89 }),
    'ValidationException',
    /at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value greater than or equal to 90$/,
  ],
  [
    'a deletion in 6 days',
    () => new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 6 }),
    'ValidationException',
    /at 'pendingWindowInDays' failed to satisfy constraint: Member must have value greater than or equal to 7$/,
  ],
  [
    'a deletion called off that was not scheduled',
    () => new sdk.CancelKeyDeletionCommand({ KeyId }),
    'KMSInvalidStateException',
    `${prefix}:key/${KeyId} is not pending deletion.`,
  ],
];

describe('kms service, its errors and limits', () => {
  let running: RunningService<KmsRoom>;

  beforeAll(async () => {
    running = await runService(startKms, {
      name: 'kms',
      resources: [
        resource('AWS::KMS::Key', KeyId, {}),
        resource('AWS::KMS::Key', P256, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
        resource('AWS::KMS::Alias', 'alias/app', { TargetKeyId: `${prefix}:key/${KeyId}` }),
      ],
    });
  });
  afterAll(() => running.close());

  it.each(TABLE)('fails on %s', async (_, command, name, message) => {
    const client = new sdk.KMSClient(running.client());
    const sent = client.send(command() as sdk.DescribeKeyCommand);
    await expect(sent).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('takes a plaintext of just 4,096 bytes, and a digest of just 32', async () => {
    const client = new sdk.KMSClient(running.client());
    await client.send(new sdk.EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4_096) }));
    const digest = { Message: Buffer.alloc(32, 1), MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    await client.send(new sdk.SignCommand({ KeyId: P256, ...digest }));
  });

  it('fails on a template whose key cannot be made, naming it', () => {
    const { store } = running.room;
    const provision = (...resources: Parameters<typeof resource>[]) =>
      provisionKeys(
        resources.map((given) => resource(...given)),
        store,
        () => 0,
      );
    expect(() => provision(['AWS::KMS::Key', 'Key', { Origin: 'EXTERNAL' }])).toThrow(
      "key 'Key': the twin makes key material itself; Origin EXTERNAL is not offered",
    );
    expect(() => provision(['AWS::KMS::Key', 'Key', { KeySpec: 'RSA_2048' }])).toThrow(
      "key 'Key': You must specify a KeyUsage",
    );
    expect(() => provision(['AWS::KMS::Alias', 'alias/x', { TargetKeyId: 'none' }])).toThrow(
      "alias 'alias/x' (alias/x): there is no key none",
    );
  });
});
