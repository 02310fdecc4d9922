import { uuidOf } from '../physical-name.ts';
import { type Attribute, arn, shortId } from '../resource-identity.ts';
import { noEffect, type ResourceTypes } from './resource-type.ts';

const keyId: Attribute = (resource) => {
  const digits = shortId(resource, 24).replaceAll(/[^0-9a-f]/g, '0');
  return uuidOf(digits.padEnd(32, '0'));
};
const NOT_ENCRYPTED = 'nothing is encrypted on one machine';

export const KMS_TYPES: ResourceTypes = {
  'AWS::KMS::Alias': noEffect(NOT_ENCRYPTED, { name: 'AliasName' }),
  'AWS::KMS::Key': noEffect(NOT_ENCRYPTED, {
    ref: keyId,
    attributes: { Arn: (resource) => arn(resource, 'kms', `key/${String(keyId(resource))}`), KeyId: keyId },
  }),
};
