import { type Attribute, shortId } from '../resource-identity.ts';
import { honoured, withoutEffect } from '../support.ts';
import { iamArn, noEffect, ownName, type ResourceTypes, runs } from './resource-type.ts';

/** `arn:aws:iam::<account>:<kind><path><name>`: the path is `/` unless the template gives one. */
const pathArn =
  (kind: string): Attribute =>
  (resource) => {
    const path = resource.property('Path');
    return `arn:aws:iam::${resource.accountId}:${kind}${typeof path === 'string' ? path : '/'}${resource.name}`;
  };

const NO_USERS = 'nobody signs in as a user of IAM here';
const policyArn = pathArn('policy');

/** Roles and their policies are evaluated for every call of a function; see docs/adr/0013-iam-evaluated-in-the-twin.md. */
export const IAM_TYPES: ResourceTypes = {
  'AWS::IAM::AccessKey': noEffect(NO_USERS, {
    attributes: { Id: ownName, SecretAccessKey: (resource) => shortId(resource, 24) },
  }),
  'AWS::IAM::Group': noEffect(NO_USERS, { name: 'GroupName', attributes: { Arn: pathArn('group') } }),
  'AWS::IAM::GroupPolicy': noEffect(NO_USERS),
  'AWS::IAM::InstanceProfile': noEffect('there are no instances on one machine', {
    name: 'InstanceProfileName',
    attributes: { Arn: pathArn('instance-profile') },
  }),
  'AWS::IAM::ManagedPolicy': runs({
    name: 'ManagedPolicyName',
    ref: policyArn,
    attributes: { PolicyArn: policyArn, PolicyId: (resource) => `ANPA${shortId(resource, 17).toUpperCase()}` },
    properties: {
      ...honoured('ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'),
      ...withoutEffect('Description', 'Groups', 'Users'),
    },
  }),
  'AWS::IAM::OIDCProvider': noEffect(NO_USERS, {
    ref: iamArn('oidc-provider'),
    attributes: { Arn: iamArn('oidc-provider') },
  }),
  'AWS::IAM::Policy': runs({
    name: 'PolicyName',
    ref: ownName,
    attributes: { Id: ownName },
    properties: {
      ...honoured('PolicyDocument', 'PolicyName', 'Roles'),
      ...withoutEffect('Groups', 'Users'),
    },
  }),
  'AWS::IAM::Role': runs({
    name: 'RoleName',
    ref: ownName,
    attributes: { Arn: pathArn('role'), RoleId: (resource) => `AROA${shortId(resource, 17)}` },
    properties: {
      ...honoured(
        'AssumeRolePolicyDocument',
        'ManagedPolicyArns',
        'MaxSessionDuration',
        'Path',
        'PermissionsBoundary',
        'Policies',
        'RoleName',
        'Tags',
      ),
      ...withoutEffect('Description'),
    },
  }),
  'AWS::IAM::RolePolicy': runs({
    name: 'PolicyName',
    ref: ownName,
    properties: { ...honoured('PolicyDocument', 'PolicyName', 'RoleName') },
  }),
  'AWS::IAM::ServiceLinkedRole': noEffect('services of an account act in it, of which a laptop has none', {
    attributes: { RoleName: ownName },
  }),
  'AWS::IAM::User': noEffect(NO_USERS, { name: 'UserName', attributes: { Arn: pathArn('user') } }),
  'AWS::IAM::UserPolicy': noEffect(NO_USERS),
  'AWS::IAM::UserToGroupAddition': noEffect(NO_USERS, { attributes: { Id: ownName } }),
};
