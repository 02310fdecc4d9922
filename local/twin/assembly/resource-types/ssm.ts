import { honoured, ignored } from '../support.ts';
import { ownName, type ResourceTypes, runs } from './resource-type.ts';

export const SSM_TYPES: ResourceTypes = {
  'AWS::SSM::Parameter': runs({
    name: 'Name',
    ref: ownName,
    attributes: {
      Type: (resource) => resource.property('Type'),
      Value: (resource) => resource.property('Value'),
    },
    properties: {
      ...honoured('AllowedPattern', 'DataType', 'Description', 'Name', 'Tags', 'Tier', 'Type', 'Value'),
      ...ignored('parameters do not expire, and nobody is notified', 'Policies'),
    },
  }),
};
