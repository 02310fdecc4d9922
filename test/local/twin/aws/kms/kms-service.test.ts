import { createDecipheriv, createHash, createPublicKey, verify } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import * as sdk from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsRoom, startKms } from '../../../../../local/twin/aws/kms/kms-room.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const DAY_MS = 86_400_000;
const id = (digit: string): string => `${digit.repeat(8)}-0000-0000-0000-000000000000`;
const SYMMETRIC = id('1');
const OTHER = id('2');
const P256 = id('3');
const RSA = id('4');
const HMAC = id('5');
const resources = [
  resource('AWS::KMS::Key', SYMMETRIC, { EnableKeyRotation: true, Tags: [{ Key: 'team', Value: 'core' }] }),
  resource('AWS::KMS::Key', OTHER, {}),
  resource('AWS::KMS::Key', P256, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  resource('AWS::KMS::Key', RSA, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
  resource('AWS::KMS::Key', HMAC, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  resource('AWS::KMS::Alias', 'alias/app', { TargetKeyId: SYMMETRIC }),
];
const Plaintext = Buffer.from('plain');

describe('kms service', () => {
  let running: RunningService<KmsRoom>;
  let kms: sdk.KMSClient;

  beforeAll(async () => {
    running = await runService(startKms, { name: 'kms', resources });
    kms = new sdk.KMSClient(running.client());
  });
  afterAll(() => running.close());

  const decrypt = async (CiphertextBlob: Uint8Array | undefined, more: object = {}) =>
    Buffer.from((await kms.send(new sdk.DecryptCommand({ CiphertextBlob, ...more }))).Plaintext ?? []).toString();

  it('encrypts by alias, and decrypts without being told the key', async () => {
    const EncryptionContext = { tenant: 'a', purpose: 'b' };
    const { CiphertextBlob, KeyId } = await kms.send(
      new sdk.EncryptCommand({ KeyId: 'alias/app', Plaintext, EncryptionContext }),
    );
    expect(KeyId).toBe(`arn:aws:kms:eu-west-1:000000000000:key/${SYMMETRIC}`);
    const blob = Buffer.from(CiphertextBlob ?? []);
    expect(blob.includes('plain')).toBe(false);
    expect(await decrypt(CiphertextBlob, { EncryptionContext: { purpose: 'b', tenant: 'a' } })).toBe('plain');
    await expect(decrypt(CiphertextBlob)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    await expect(decrypt(CiphertextBlob, { EncryptionContext, KeyId: OTHER })).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    });
  });

  it('re-encrypts under another key', async () => {
    const { CiphertextBlob } = await kms.send(new sdk.EncryptCommand({ KeyId: SYMMETRIC, Plaintext }));
    const moved = await kms.send(new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: OTHER }));
    expect([moved.SourceKeyId, moved.KeyId].map((arn) => arn?.split('/')[1])).toEqual([SYMMETRIC, OTHER]);
    expect(await decrypt(moved.CiphertextBlob, { KeyId: OTHER })).toBe('plain');
  });

  it('makes data keys, with and without the plaintext, and key pairs', async () => {
    const dataKey = await kms.send(new sdk.GenerateDataKeyCommand({ KeyId: SYMMETRIC, KeySpec: 'AES_256' }));
    expect(dataKey.Plaintext?.length).toBe(32);
    const { Plaintext: again } = await kms.send(new sdk.DecryptCommand({ CiphertextBlob: dataKey.CiphertextBlob }));
    expect(again).toEqual(dataKey.Plaintext);
    const bare = await kms.send(
      new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId: SYMMETRIC, NumberOfBytes: 64 }),
    );
    expect(bare).not.toHaveProperty('Plaintext');
    const pair = await kms.send(new sdk.GenerateDataKeyPairCommand({ KeyId: SYMMETRIC, KeyPairSpec: 'ECC_NIST_P256' }));
    const opened = await kms.send(new sdk.DecryptCommand({ CiphertextBlob: pair.PrivateKeyCiphertextBlob }));
    expect(opened.Plaintext).toEqual(pair.PrivateKeyPlaintext);
    const random = await kms.send(new sdk.GenerateRandomCommand({ NumberOfBytes: 7 }));
    expect(random.Plaintext?.length).toBe(7);
    expect(createDecipheriv('aes-256-gcm', dataKey.Plaintext ?? Buffer.alloc(0), Buffer.alloc(12))).toBeDefined();
  });

  it.each([
    [P256, 'ECDSA_SHA_256'],
    [RSA, 'RSASSA_PKCS1_V1_5_SHA_256'],
    [RSA, 'RSASSA_PSS_SHA_512'],
  ] as const)('signs with %s by %s, whole messages and digests', async (KeyId, SigningAlgorithm) => {
    const hash = `sha${SigningAlgorithm.slice(-3)}`;
    const digest = createHash(hash).update(Plaintext).digest();
    const raw = { KeyId, SigningAlgorithm, Message: Plaintext };
    const hashed = { KeyId, SigningAlgorithm, Message: digest, MessageType: 'DIGEST' } as const;
    for (const [signed, checked] of [
      [raw, hashed],
      [hashed, raw],
    ] as const) {
      const { Signature } = await kms.send(new sdk.SignCommand(signed));
      expect((await kms.send(new sdk.VerifyCommand({ ...checked, Signature }))).SignatureValid).toBe(true);
      const other = { ...raw, Message: Buffer.from('other'), Signature };
      await expect(kms.send(new sdk.VerifyCommand(other))).rejects.toMatchObject({
        name: 'KMSInvalidSignatureException',
      });
    }
  });

  it('tells the public key as DER, which verifies elsewhere', async () => {
    const { PublicKey, SigningAlgorithms, KeySpec } = await kms.send(new sdk.GetPublicKeyCommand({ KeyId: P256 }));
    expect([KeySpec, SigningAlgorithms]).toEqual(['ECC_NIST_P256', ['ECDSA_SHA_256']]);
    const { Signature } = await kms.send(
      new sdk.SignCommand({ KeyId: P256, SigningAlgorithm: 'ECDSA_SHA_256', Message: Plaintext }),
    );
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
    expect(verify('sha256', Plaintext, key, Signature ?? Buffer.alloc(0))).toBe(true);
  });

  it('makes and checks message authentication codes', async () => {
    const message = { KeyId: HMAC, MacAlgorithm: 'HMAC_SHA_256', Message: Plaintext } as const;
    const { Mac } = await kms.send(new sdk.GenerateMacCommand(message));
    expect((await kms.send(new sdk.VerifyMacCommand({ ...message, Mac }))).MacValid).toBe(true);
    const other = { ...message, Mac: Buffer.alloc(32) };
    await expect(kms.send(new sdk.VerifyMacCommand(other))).rejects.toMatchObject({ name: 'KMSInvalidMacException' });
  });

  it('describes, lists, disables and enables keys', async () => {
    const { KeyMetadata } = await kms.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/app' }));
    expect(KeyMetadata).toMatchObject({
      KeyId: SYMMETRIC,
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyManager: 'CUSTOMER',
    });
    expect((await kms.send(new sdk.ListKeysCommand({}))).Keys?.length).toBe(5);
    const { Aliases } = await kms.send(new sdk.ListAliasesCommand({ KeyId: SYMMETRIC }));
    expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/app']);
    await kms.send(new sdk.DisableKeyCommand({ KeyId: OTHER }));
    await expect(kms.send(new sdk.EncryptCommand({ KeyId: OTHER, Plaintext }))).rejects.toMatchObject({
      name: 'DisabledException',
      message: `arn:aws:kms:eu-west-1:000000000000:key/${OTHER} is disabled.`,
    });
    await kms.send(new sdk.EnableKeyCommand({ KeyId: OTHER }));
    await kms.send(new sdk.EncryptCommand({ KeyId: OTHER, Plaintext }));
  });

  it('has the keys of AWS services once they are used', async () => {
    const { KeyMetadata } = await kms.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/aws/ssm' }));
    expect(KeyMetadata?.KeyManager).toBe('AWS');
  });

  it('still decrypts what was encrypted before a rotation', async () => {
    const { CiphertextBlob } = await kms.send(new sdk.EncryptCommand({ KeyId: SYMMETRIC, Plaintext }));
    const status = await kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId: SYMMETRIC }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 });
    running.clock.advance(365 * DAY_MS);
    const later = await kms.send(new sdk.EncryptCommand({ KeyId: SYMMETRIC, Plaintext }));
    expect(running.room.store.key(SYMMETRIC).materials).toHaveLength(2);
    expect([await decrypt(CiphertextBlob), await decrypt(later.CiphertextBlob)]).toEqual(['plain', 'plain']);
  });

  it('deletes a key after its window, and not if called off', async () => {
    const { KeyMetadata } = await kms.send(new sdk.CreateKeyCommand({ Description: 'short-lived' }));
    const KeyId = KeyMetadata?.KeyId;
    const schedule = () => kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await schedule();
    await expect(kms.send(new sdk.EncryptCommand({ KeyId, Plaintext }))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    await kms.send(new sdk.CancelKeyDeletionCommand({ KeyId }));
    expect((await kms.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Disabled');
    await schedule();
    running.clock.advance(7 * DAY_MS);
    await expect(kms.send(new sdk.DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Key 'arn:aws:kms:eu-west-1:000000000000:key/${KeyId}' does not exist`,
    });
  });

  it('finds its keys again in the database', async () => {
    const database = new DatabaseSync(':memory:');
    const first = await runService(startKms, { name: 'kms', resources, database });
    const { CiphertextBlob } = await new sdk.KMSClient(first.client()).send(
      new sdk.EncryptCommand({ KeyId: SYMMETRIC, Plaintext }),
    );
    const sign = { KeyId: P256, SigningAlgorithm: 'ECDSA_SHA_256', Message: Plaintext } as const;
    const { Signature } = await new sdk.KMSClient(first.client()).send(new sdk.SignCommand(sign));
    await first.close();
    const second = await runService(startKms, { name: 'kms', resources, database });
    const client = new sdk.KMSClient(second.client());
    const { Plaintext: again } = await client.send(new sdk.DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(again ?? []).toString()).toBe('plain');
    expect((await client.send(new sdk.VerifyCommand({ ...sign, Signature }))).SignatureValid).toBe(true);
    await second.close();
  });
});
