import { describe, expect, it } from 'vitest';
import type { ResourceIdentity } from '../../../../local/twin/assembly/resource-identity.ts';
import { RESOURCE_TYPES } from '../../../../local/twin/assembly/resource-types.ts';

const resource: ResourceIdentity = {
  stackName: 'Stack',
  logicalId: 'Thing',
  region: 'us-east-1',
  accountId: '000000000000',
  name: 'stack-thing',
  property: (name) => `the value of ${name}`,
};

describe('RESOURCE_TYPES', () => {
  it.each(Object.keys(RESOURCE_TYPES))('answers Ref and every GetAtt of %s, the same each time', (type) => {
    const { ref, attributes } = RESOURCE_TYPES[type] ?? {};
    for (const attribute of [ref, ...Object.values(attributes ?? {})]) {
      expect(attribute?.(resource)).toBeDefined();
      expect(attribute?.(resource)).toEqual(attribute?.(resource));
    }
  });

  it('names keys by a UUID', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    expect(RESOURCE_TYPES['AWS::KMS::Key']?.ref(resource)).toMatch(uuid);
  });
});
