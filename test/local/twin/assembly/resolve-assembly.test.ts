// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub marks its variables.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../local/twin/assembly/read-assembly.ts';
import { resolveAssembly } from '../../../../local/twin/assembly/resolve-assembly.ts';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import type { AssemblyStack, Template } from '../../../../local/twin/assembly/template.ts';

const fixture = join(import.meta.dirname, '../../../fixtures/assembly-small');

function stack(template: Template, name = 'Stack'): AssemblyStack {
  return { name, directory: '/assembly', region: 'eu-west-1', accountId: '111122223333', template, assets: {} };
}

/** Resolves one property of a queue, in a stack that has the other sections of `template` besides. */
function resolveProperty(value: unknown, template: Template = {}): unknown {
  const Resources = { ...template.Resources, Probe: { Type: 'AWS::SQS::Queue', Properties: { Tags: value } } };
  const { resources } = resolveAssembly([stack({ ...template, Resources })]);
  return resources.find(({ logicalId }) => logicalId === 'Probe')?.properties.Tags;
}

describe('resolveAssembly', () => {
  it('puts a stack after those that it depends on', () => {
    expect(readAssembly(fixture).map(({ name }) => name)).toEqual(['SmallData', 'SmallService']);
  });

  it('follows references between stacks, weak and exported', () => {
    const { resources } = resolveAssembly(readAssembly(fixture));
    const api = resources.find(({ logicalId }) => logicalId === 'ApiFunction') as ResolvedResource;
    const table = resources.find(({ logicalId }) => logicalId === 'Items') as ResolvedResource;
    const { Variables } = api.properties.Environment as { readonly Variables: Record<string, string> };
    expect(Variables.TABLE).toBe(table.physicalId);
    expect(Variables.STREAM_ARN).toMatch(
      /^arn:aws:kinesis:us-east-1:000000000000:stream\/SmallData-Events-[0-9A-Z]{12}$/,
    );
  });

  it('finds the bundle of a function by its metadata, or else by the asset manifest', () => {
    const { resources } = resolveAssembly(readAssembly(fixture));
    const paths = resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ metadata }) => metadata['aws:asset:path']);
    expect(paths).toEqual([join(fixture, 'asset.api'), join(fixture, 'asset.worker')]);
  });

  it('gives the same names each time', () => {
    const names = () => resolveAssembly(readAssembly(fixture)).resources.map(({ physicalId }) => physicalId);
    expect(names()).toEqual(names());
  });

  it('counts what has no effect, and does not hand it on', () => {
    const { resources, notices } = resolveAssembly(readAssembly(fixture));
    expect(notices).toEqual([{ type: 'AWS::CloudWatch::Alarm', count: 1 }]);
    expect(resources.some(({ type }) => type === 'AWS::CloudWatch::Alarm')).toBe(false);
  });

  it.each<[string, unknown, unknown]>([
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref of a parameter', { Ref: 'Size' }, 'small'],
    ['a list parameter', { 'Fn::Select': [1, { Ref: 'Zones' }] }, 'b'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Other', 'Arn'] }, 'arn:aws:sqs:eu-west-1:111122223333:other'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Other.QueueName' }, 'other'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }, 3]] }, 'a-111122223333-3'],
    ['Fn::Sub', { 'Fn::Sub': '${AWS::Region}/${Other.QueueName}/${!Literal}' }, 'eu-west-1/other/${Literal}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${a}-${AWS::Partition}', { a: { Ref: 'Size' } }] }, 'small-aws'],
    ['Fn::Select and Fn::Split', { 'Fn::Select': [2, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'c'],
    ['Fn::If of a true condition', { 'Fn::If': ['IsHere', 'yes', 'no'] }, 'yes'],
    ['Fn::If of a false condition', { 'Fn::If': ['IsElsewhere', 'yes', 'no'] }, 'no'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'key'] }, 'value'],
    ['Fn::FindInMap with a default', { 'Fn::FindInMap': ['Map', 'x', 'key', { DefaultValue: 'd' }] }, 'd'],
    ['Fn::Base64', { 'Fn::Base64': { Ref: 'Size' } }, 'c21hbGw='],
    ['Fn::GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['Fn::Length', { 'Fn::Length': { Ref: 'Zones' } }, 3],
    ['AWS::NoValue in an object', { kept: 1, gone: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
    ['AWS::NoValue in a list', ['a', { 'Fn::If': ['IsElsewhere', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
    ['an object with one ordinary key', { Refs: 'Other' }, { Refs: 'Other' }],
  ])('resolves %s', (_, value, expected) => {
    const template: Template = {
      Parameters: {
        Size: { Type: 'String', Default: 'small' },
        Zones: { Type: 'CommaDelimitedList', Default: 'a,b,c' },
      },
      Mappings: { Map: { 'eu-west-1': { key: 'value' } } },
      Conditions: {
        IsHere: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
        IsElsewhere: {
          'Fn::Or': [
            { 'Fn::Not': [{ Condition: 'IsHere' }] },
            { 'Fn::And': [{ Condition: 'IsHere' }, { 'Fn::Equals': ['a', 'b'] }] },
          ],
        },
      },
      Resources: { Other: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'other' } } },
    };
    expect(resolveProperty(value, template)).toEqual(expected);
  });

  it.each(['null', '[]', '"text"', '{"artifacts":null}'])('fails for a manifest of %s as for none', (manifest) => {
    const directory = mkdtempSync(join(tmpdir(), 'spillway-assembly-'));
    try {
      writeFileSync(join(directory, 'manifest.json'), manifest);
      expect(() => readAssembly(directory)).toThrow(
        /cloud assembly at \S+ (has no stack in it|\(no readable manifest)/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('leaves out a resource whose condition does not hold', () => {
    const template: Template = {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Gone: { Type: 'AWS::Unheard::Of', Condition: 'Never' }, Here: { Type: 'AWS::SQS::Queue' } },
    };
    expect(resolveAssembly([stack(template)]).resources.map(({ logicalId }) => logicalId)).toEqual(['Here']);
  });

  it.each([
    ['AWS::MSK::ServerlessCluster', 'the twin runs no Kafka; run a stage with EventBackbone.kinesis()'],
    ['AWS::AmazonMQ::Broker', 'the twin runs no RabbitMQ; run a stage with WorkBackbone.sqs()'],
  ])('fails for a stage with %s, and says what to run instead of all that comes with it', (Type, reason) => {
    const Resources = { Broker: { Type }, Setup: { Type: 'Custom::KafkaTopic' } };
    const message = `this stage can be synthesized and deployed, but not run here: ${reason}`;
    expect(() => resolveAssembly([stack({ Resources })])).toThrow(message);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'an alias',
      { FunctionName: 'worker', Name: 'live' },
      'AWS::Lambda::Alias',
      'arn:aws:lambda:eu-west-1:111122223333:function:worker:live',
    ],
    [
      'a version',
      { FunctionName: 'arn:aws:lambda:eu-west-1:111122223333:function:worker' },
      'AWS::Lambda::Version',
      'arn:aws:lambda:eu-west-1:111122223333:function:worker:1',
    ],
    ['a queue', { QueueName: 'work' }, 'AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/111122223333/work'],
    ['a stage', { StageName: 'dev' }, 'AWS::ApiGateway::Stage', 'dev'],
  ])('refers to %s as CloudFormation does', (_, Properties, Type, expected) => {
    const { resources } = resolveAssembly([stack({ Resources: { One: { Type, Properties } } })]);
    expect(resources[0]?.physicalId).toBe(expected);
  });

  it('ends the generated name of a FIFO queue as SQS demands', () => {
    const Resources = { One: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } };
    expect(resolveAssembly([stack({ Resources })]).resources[0]?.physicalId).toMatch(/\/Stack-One-[0-9A-Z]{12}\.fifo$/);
  });

  it('fails on an unknown resource type, naming stack, logical id, type and what to do', () => {
    const Resources = { Db: { Type: 'AWS::RDS::DBInstance', Metadata: { 'aws:cdk:path': 'Stack/Db/Resource' } } };
    expect(() => resolveAssembly([stack({ Resources })])).toThrow(
      "the twin does not know the type AWS::RDS::DBInstance of resource 'Db' (Stack/Db/Resource) of stack 'Stack'; " +
        'take the resource out of this stage, or teach the twin the type in local/twin/assembly/resource-types.ts',
    );
  });

  it('fails on several unknown resource types at once, in all stacks', () => {
    const one = stack({ Resources: { Db: { Type: 'AWS::RDS::DBInstance' }, Queue: { Type: 'AWS::SQS::Queue' } } }, 'A');
    const other = stack({ Resources: { Bucket: { Type: 'AWS::EFS::FileSystem' } } }, 'B');
    expect(() => resolveAssembly([one, other])).toThrow(
      "the twin does not know the type AWS::RDS::DBInstance of resource 'Db' (Db) of stack 'A'; " +
        "nor the type AWS::EFS::FileSystem of resource 'Bucket' (Bucket) of stack 'B'; take the resources out of this stage, or " +
        'teach the twin the type in local/twin/assembly/resource-types.ts',
    );
  });

  it.each<[string, unknown, string]>([
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Probe', 'Size'] },
      "stack 'Stack': the twin does not know the attribute 'Size' of resource 'Probe' (AWS::SQS::Queue); known attributes: Arn, QueueName, QueueUrl",
    ],
    [
      'a dangling reference',
      { Ref: 'Nobody' },
      "stack 'Stack': something refers to 'Nobody', which is neither a resource nor a parameter of it",
    ],
    [
      'an unknown intrinsic',
      { 'Fn::Transform': {} },
      'the twin does not know the intrinsic function Fn::Transform; it knows Ref,',
    ],
    [
      'an unknown stack',
      { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'X' } },
      "Fn::GetStackOutput: stack 'Other' is not in the assembly; those in it: Stack",
    ],
    ['an unknown export', { 'Fn::ImportValue': 'x' }, "Fn::ImportValue: no stack of the assembly exports 'x'"],
    ['an index beyond the list', { 'Fn::Select': [2, ['a', 'b']] }, 'Fn::Select: index 2 is not one of a list of 2'],
    [
      'a parameter from SSM',
      { Ref: 'Image' },
      "stack 'Stack': parameter 'Image' (AWS::SSM::Parameter::Value<String>) has no value here; give it a plain default",
    ],
    [
      'a block without room',
      { 'Fn::Cidr': ['10.0.0.0/24', 3, 7] },
      'Fn::Cidr: 10.0.0.0/24 has no room for 3 blocks of 7 host bits',
    ],
  ])('fails on %s', (_, value, message) => {
    const Parameters = { Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' } };
    expect(() => resolveProperty(value, { Parameters })).toThrow(message);
  });

  it('fails on a circular reference, showing the circle', () => {
    const Resources = {
      A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['B', 'QueueName'] } } },
      B: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['A', 'QueueName'] } } },
    };
    expect(() => resolveAssembly([stack({ Resources })])).toThrow(
      "stack 'Stack': circular reference 'B.QueueName' → property 'B.QueueName' → 'A.QueueName' → property 'A.QueueName' → 'B.QueueName'",
    );
  });

  it('fails where there is no assembly, and says how to make one', () => {
    expect(() => readAssembly('/nowhere')).toThrow(
      "there is no cloud assembly at /nowhere (no readable manifest.json); write one with 'npx cdk synth -q', or leave --assembly out",
    );
  });
});
