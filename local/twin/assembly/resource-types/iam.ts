import { shortId } from '../resource-identity.ts';
import { iamArn, noEffect, type ResourceTypes } from './resource-type.ts';

const NOT_EVALUATED = 'policies are not evaluated';

export const IAM_TYPES: ResourceTypes = {
  'AWS::IAM::ManagedPolicy': noEffect(NOT_EVALUATED, { name: 'ManagedPolicyName', ref: iamArn('policy') }),
  'AWS::IAM::Policy': noEffect(NOT_EVALUATED, { name: 'PolicyName' }),
  'AWS::IAM::Role': noEffect(NOT_EVALUATED, {
    name: 'RoleName',
    attributes: { Arn: iamArn('role'), RoleId: (resource) => `AROA${shortId(resource, 17)}` },
  }),
};
