import { describe, expect, it } from 'vitest';
import { checkSupport } from '../../../../local/twin/assembly/check-support.ts';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import { RESOURCE_TYPES } from '../../../../local/twin/assembly/resource-types.ts';
import { cloudFormationProperties } from '../../../support/cloudformation-properties.ts';

function resource(type: string, properties: Record<string, unknown>): ResolvedResource {
  return { logicalId: 'Id', physicalId: 'id', stackName: 'Stack', type, path: 'Stack/Id', properties, metadata: {} };
}

describe('checkSupport', () => {
  it('has what is ignored told in a sentence each', () => {
    const api = resource('AWS::ApiGateway::RestApi', { Name: 'api', MinimumCompressionSize: 1, Tags: [] });
    expect(checkSupport(api)).toEqual([
      "AWS::ApiGateway::RestApi 'Id': MinimumCompressionSize is ignored: responses are not compressed",
    ]);
  });

  it('fails on a property that it refuses, with what to do instead', () => {
    expect(() => checkSupport(resource('AWS::ApiGateway::RestApi', { CloneFrom: 'x' }))).toThrow(
      "AWS::ApiGateway::RestApi 'Id' (Stack/Id) of stack 'Stack': the twin does not support CloneFrom: there is no other API to clone",
    );
  });

  it('fails on a property that it does not know', () => {
    expect(() => checkSupport(resource('AWS::SQS::Queue', { Colour: 'red' }))).toThrow(
      "AWS::SQS::Queue 'Id' (Stack/Id) of stack 'Stack': the twin does not know the property Colour",
    );
  });
});

describe('RESOURCE_TYPES', () => {
  const running = Object.entries(RESOURCE_TYPES).filter(([, { disposition }]) => disposition === 'runs');

  it.each(running)("classifies every property of CloudFormation's %s, and no other", (type, { properties }) => {
    expect(Object.keys(properties).sort()).toEqual(cloudFormationProperties(type));
  });

  it('gives a reason for everything that it ignores or refuses, and for each type without effect', () => {
    for (const { disposition, properties, why } of Object.values(RESOURCE_TYPES)) {
      if (disposition === 'no-effect') expect(why).toMatch(/^[a-z].{10,}[^.]$/);
      for (const support of Object.values(properties)) {
        if (support.kind === 'ignored' || support.kind === 'refused')
          expect(support.why).toMatch(/^[a-zA-Z].{10,}[^.]$/);
      }
    }
  });
});
