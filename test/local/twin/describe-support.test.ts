import { describe, expect, it } from 'vitest';
import { noEffect, ownName, runs } from '../../../local/twin/assembly/resource-types/resource-type.ts';
import { honoured, ignored, refused, withoutEffect } from '../../../local/twin/assembly/support.ts';
import { describeSupport } from '../../../local/twin/describe-support.ts';

describe('describeSupport', () => {
  it('has a table per type that runs, and one of those without effect', () => {
    const types = {
      'AWS::Z::Last': noEffect('nothing | happens'),
      'AWS::A::First': runs({
        ref: ownName,
        attributes: { Arn: ownName },
        properties: {
          ...withoutEffect('Tags'),
          ...refused('there is none', 'Body'),
          ...honoured('Name', 'Age'),
          ...ignored('no need', 'Size'),
        },
      }),
    };
    expect(describeSupport(types)).toBe(`### \`AWS::A::First\`

| Properties | What becomes of them |
| --- | --- |
| \`Age\`, \`Name\` | honoured |
| \`Size\` | ignored: no need |
| \`Body\` | refused: there is none |
| \`Tags\` | no effect |

\`Fn::GetAtt\`: \`Arn\`.

### Types without effect

| Type | Why |
| --- | --- |
| \`AWS::Z::Last\` | nothing \\| happens |`);
  });
});
