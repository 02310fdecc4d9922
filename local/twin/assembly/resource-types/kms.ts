import { uuidOf } from '../physical-name.ts';
import { type Attribute, arn, shortId } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { ownName, type ResourceTypes, runs } from './resource-type.ts';

const keyId: Attribute = (resource) => {
  const digits = shortId(resource, 24)
    .replaceAll(/[^0-9a-f]/g, '0')
    .padEnd(32, '0');
  return String(resource.property('MultiRegion')) === 'true' ? `mrk-${digits}` : uuidOf(digits);
};
const keyArn: Attribute = (resource) => arn(resource, 'kms', `key/${String(keyId(resource))}`);
const ONE_REGION = 'the twin has one Region; use the primary key';

export const KMS_TYPES: ResourceTypes = {
  'AWS::KMS::Alias': runs({
    name: 'AliasName',
    ref: ownName,
    properties: honoured('AliasName', 'TargetKeyId'),
  }),
  'AWS::KMS::Key': runs({
    ref: keyId,
    attributes: { Arn: keyArn, KeyId: keyId },
    properties: {
      ...honoured(
        'Description',
        'EnableKeyRotation',
        'Enabled',
        'KeyPolicy',
        'KeySpec',
        'KeyUsage',
        'Origin',
        'RotationPeriodInDays',
        'Tags',
      ),
      ...ignored('the twin has one Region', 'MultiRegion'),
      ...withoutEffect('BypassPolicyLockoutSafetyCheck', 'PendingWindowInDays'),
    },
  }),
  'AWS::KMS::ReplicaKey': runs({
    ref: keyId,
    attributes: { Arn: keyArn, KeyId: keyId },
    properties: refused(
      ONE_REGION,
      'Description',
      'Enabled',
      'KeyPolicy',
      'PendingWindowInDays',
      'PrimaryKeyArn',
      'Tags',
    ),
  }),
};
