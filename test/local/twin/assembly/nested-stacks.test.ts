import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../local/twin/assembly/read-assembly.ts';
import { resolveAssembly } from '../../../../local/twin/assembly/resolve-assembly.ts';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spillway-nested-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const parent = {
  Resources: {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
    Inner: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: {
        TemplateURL: { 'Fn::Sub': 'https://s3.amazonaws.com/assets/abc.json' },
        Parameters: { DeadArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
      },
    },
    Topic: { Type: 'AWS::SQS::Queue', Properties: { Tags: { 'Fn::GetAtt': ['Inner', 'Outputs.WorkName'] } } },
  },
};
const nested = {
  Parameters: { DeadArn: { Type: 'String' }, Size: { Type: 'Number', Default: 3 } },
  Resources: {
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: { RedrivePolicy: { deadLetterTargetArn: { Ref: 'DeadArn' }, maxReceiveCount: { Ref: 'Size' } } },
    },
  },
  Outputs: { WorkName: { Value: { 'Fn::GetAtt': ['Work', 'QueueName'] } } },
};

function write(metadata?: Record<string, unknown>): void {
  const Inner = { ...parent.Resources.Inner, ...(metadata && { Metadata: metadata }) };
  const template = { Resources: { ...parent.Resources, Inner } };
  const manifest = { artifacts: { Outer: { type: 'aws:cloudformation:stack' } } };
  const files = { abc: { source: { path: 'inner.nested.json' }, destinations: { here: { objectKey: 'abc.json' } } } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(directory, 'Outer.template.json'), JSON.stringify(template));
  writeFileSync(join(directory, 'Outer.assets.json'), JSON.stringify({ files: metadata ? {} : files }));
  writeFileSync(join(directory, 'inner.nested.json'), JSON.stringify(nested));
}

function resolved(): Map<string, ResolvedResource> {
  const { resources } = resolveAssembly(readAssembly(directory));
  return new Map(resources.map((resource) => [resource.logicalId, resource]));
}

describe('nested stacks', () => {
  it.each([
    ['the asset metadata', { 'aws:asset:path': 'inner.nested.json' }],
    ['the asset manifest', undefined],
  ])('are found by %s, take parameters and give outputs', (_, metadata) => {
    write(metadata);
    const resources = resolved();
    expect(resources.get('Work')?.properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      maxReceiveCount: 3,
    });
    expect(resources.get('Topic')?.properties.Tags).toMatch(/^Outer-Inner-[0-9A-Z]{12}-Work-[0-9A-Z]{12}$/);
    expect(resources.get('Work')?.stackName).toMatch(/^Outer-Inner-/);
  });

  it('fails where the template is no asset', () => {
    write({});
    expect(() => resolved()).toThrow(
      "stack 'Outer': the template of the nested stack 'Inner' is no asset of this assembly; use NestedStack of the CDK",
    );
  });

  it('fails on an output that the nested stack does not have, told with the resource that asks', () => {
    write({ 'aws:asset:path': 'inner.nested.json' });
    writeFileSync(join(directory, 'inner.nested.json'), JSON.stringify({ ...nested, Outputs: {} }));
    expect(() => resolved()).toThrow(
      /^resource 'Topic' \(Topic\) of stack 'Outer': stack 'Outer-Inner-\w+' has no output 'WorkName'$/,
    );
  });
});
