import { type Attribute, arn, shortId } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { type ResourceTypes, runs } from './resource-type.ts';

const secretArn: Attribute = (resource) =>
  arn(resource, 'secretsmanager', `secret:${resource.name}-${shortId(resource, 6)}`);
const secretId: Attribute = (resource) => resource.property('SecretId');

export const SECRETS_MANAGER_TYPES: ResourceTypes = {
  'AWS::SecretsManager::ResourcePolicy': runs({
    ref: secretId,
    properties: { ...honoured('ResourcePolicy', 'SecretId'), ...withoutEffect('BlockPublicPolicy') },
  }),
  'AWS::SecretsManager::RotationSchedule': runs({
    ref: secretId,
    properties: {
      ...honoured('RotateImmediatelyOnUpdate', 'RotationLambdaARN', 'RotationRules', 'SecretId'),
      ...refused('a rotation function of AWS is not run; give RotationLambdaARN', 'HostedRotationLambda'),
      ...refused(
        'secrets of partners are not rotated here; give RotationLambdaARN',
        'ExternalSecretRotationMetadata',
        'ExternalSecretRotationRoleArn',
      ),
    },
  }),
  'AWS::SecretsManager::Secret': runs({
    name: 'Name',
    ref: secretArn,
    attributes: { Id: secretArn },
    properties: {
      ...honoured('Description', 'GenerateSecretString', 'KmsKeyId', 'Name', 'SecretString', 'Tags'),
      ...ignored('the twin has one Region', 'ReplicaRegions'),
      ...withoutEffect('Type'),
    },
  }),
  'AWS::SecretsManager::SecretTargetAttachment': runs({
    ref: secretId,
    properties: {
      ...honoured('SecretId'),
      ...ignored('the twin runs no database whose address could be added', 'TargetId', 'TargetType'),
    },
  }),
};
