import { describe, expect, it } from 'vitest';
import { resourceLabel } from '../../../../local/twin/assembly/resource-label.ts';

describe('resourceLabel', () => {
  it.each([
    ['Stack/Api/Feed/Function/Resource', 'Api/Feed'],
    ['Stack/Events/Resource/Resource', 'Events'],
    ['LogicalId', 'LogicalId'],
    ['Other/Api', 'Other/Api'],
  ])('shortens %s to %s', (path, label) => {
    const resource = { logicalId: 'x', physicalId: 'x', type: 'x', properties: {}, metadata: {} };
    expect(resourceLabel({ ...resource, stackName: 'Stack', path })).toBe(label);
  });
});
