import { describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import { functionSpec } from '../../../../local/twin/functions/function-spec.ts';

const resource: ResolvedResource = {
  logicalId: 'Greeter',
  physicalId: 'stack-greeter',
  stackName: 'Stack',
  type: 'AWS::Lambda::Function',
  path: 'Stack/Greeter/Resource',
  properties: { Handler: 'index.handler', Runtime: 'nodejs24.x' },
  metadata: { 'aws:asset:path': import.meta.dirname },
};
const prefix = 'arn:aws:lambda:us-east-1:000000000000';
const subject = "function 'Greeter' (Stack/Greeter/Resource) of stack 'Stack'";

describe('functionSpec', () => {
  it("reads a function, with AWS's defaults for what it leaves out", () => {
    expect(functionSpec(resource, prefix)).toMatchObject({ timeoutSeconds: 3, memoryMegabytes: 128, variables: {} });
  });

  it('fails for code that is not there', () => {
    const missing = { ...resource, metadata: { 'aws:asset:path': '/nowhere/asset.1' } };
    expect(() => functionSpec(missing, prefix)).toThrow(
      `${subject}: its code is missing, there is no /nowhere/asset.1; synthesize the assembly again`,
    );
  });

  it('fails for code that is no asset', () => {
    expect(() => functionSpec({ ...resource, metadata: {} }, prefix)).toThrow(
      `${subject}: its code is not an asset of the assembly; use Code.fromAsset, which the twin can load`,
    );
  });

  it('fails for another runtime', () => {
    const other = { ...resource, properties: { Runtime: 'python3.14' } };
    expect(() => functionSpec(other, prefix)).toThrow(
      `${subject}: the twin runs Node.js functions only (nodejs20.x, nodejs22.x, nodejs24.x), got runtime python3.14`,
    );
  });
});
