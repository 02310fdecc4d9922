import { type Attribute, arn, shortId } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { noEffect, type ResourceTypes, runs } from './resource-type.ts';

const secretArn: Attribute = (resource) =>
  arn(resource, 'secretsmanager', `secret:${resource.name}-${shortId(resource, 6)}`);

export const SECRETS_MANAGER_TYPES: ResourceTypes = {
  'AWS::SecretsManager::ResourcePolicy': noEffect('resource policies are not evaluated'),
  'AWS::SecretsManager::RotationSchedule': runs({
    ref: (resource) => resource.property('SecretId'),
    properties: {
      ...honoured('RotateImmediatelyOnUpdate', 'RotationLambdaARN', 'SecretId'),
      ...ignored('only the first rotation runs here', 'RotationRules'),
      ...refused('a rotation function of AWS is not run; give RotationLambdaARN', 'HostedRotationLambda'),
    },
  }),
  'AWS::SecretsManager::Secret': runs({
    name: 'Name',
    ref: secretArn,
    attributes: { Id: secretArn },
    properties: {
      ...honoured('Description', 'GenerateSecretString', 'Name', 'SecretString'),
      ...withoutEffect('KmsKeyId', 'ReplicaRegions', 'Tags', 'Type'),
    },
  }),
};
