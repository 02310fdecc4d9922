import { stackUuid } from '../physical-name.ts';
import { arn } from '../resource-identity.ts';
import { honoured, withoutEffect } from '../support.ts';
import { noEffect, type ResourceTypes, runs } from './resource-type.ts';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

export const CLOUDFORMATION_TYPES: ResourceTypes = {
  // Its outputs are attributes, `Outputs.<name>`, which the resolver looks up in the nested template.
  [NESTED_STACK]: runs({
    ref: (resource) => arn(resource, 'cloudformation', `stack/${resource.name}/${stackUuid(resource.name)}`),
    properties: {
      ...honoured('Parameters', 'TemplateURL'),
      ...withoutEffect('NotificationARNs', 'Tags', 'TimeoutInMinutes'),
    },
  }),
  'AWS::CloudFormation::WaitCondition': noEffect('nothing here takes time to be created'),
  'AWS::CloudFormation::WaitConditionHandle': noEffect('nothing here takes time to be created'),
};
