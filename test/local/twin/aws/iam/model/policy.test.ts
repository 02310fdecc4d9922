// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policy variables are written.
import { describe, expect, it } from 'vitest';
import { NO_CONTEXT } from '../../../../../../local/twin/aws/iam/model/context.ts';
import { isAbout, parsePolicy } from '../../../../../../local/twin/aws/iam/model/policy.ts';

const allow = (statement: object) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });

function about(statement: object, action: string, resource: string): boolean {
  const [parsed] = parsePolicy(allow(statement)).statements;
  return parsed !== undefined && isAbout(parsed, action, resource, NO_CONTEXT);
}

describe('parsePolicy', () => {
  it('takes a string wherever a list may stand', () => {
    const one = { Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:::a' };
    const many = { Action: ['sqs:SendMessage'], Resource: ['arn:aws:sqs:::a'] };
    for (const statement of [one, many]) expect(about(statement, 'sqs:SendMessage', 'arn:aws:sqs:::a')).toBe(true);
    expect(parsePolicy({ Statement: [] }).statements).toEqual([]);
  });

  it.each([
    [{ Action: 'SQS:sendmessage', Resource: '*' }, true],
    [{ Action: 'sqs:Send*', Resource: '*' }, true],
    [{ Action: '*', Resource: '*' }, true],
    [{ Action: 'sqs:ReceiveMessage', Resource: '*' }, false],
    [{ NotAction: 'sqs:ReceiveMessage', Resource: '*' }, true],
    [{ NotAction: 'sqs:*', Resource: '*' }, false],
    [{ Action: 'sqs:*', NotResource: 'arn:aws:sqs:::b' }, true],
    [{ Action: 'sqs:*', NotResource: ['arn:aws:sqs:::b', 'arn:aws:sqs:::*'] }, false],
  ])('%j is about sending to a queue: %s', (statement, expected) => {
    expect(about(statement, 'sqs:SendMessage', 'arn:aws:sqs:::a')).toBe(expected);
  });

  it('takes policy variables in documents of 2012 only', () => {
    const statement = { Effect: 'Allow', Action: '*', Resource: 'a/${aws:username}' };
    const variables = (Version: string) =>
      parsePolicy({ Version, Statement: statement }).statements[0]?.resources[0]?.variables;
    expect(variables('2012-10-17')).toEqual(['aws:username']);
    expect(variables('2008-10-17')).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no object', 'x', 'a policy document must be an object, got "x"'],
    ['another version', { Version: '2024', Statement: [] }, 'Version must be 2012-10-17 or 2008-10-17, got "2024"'],
    ['a statement that is none', { Statement: ['x'] }, 'Statement[0] must be an object, got "x"'],
    [
      'another effect',
      allow({ Effect: 'allow', Action: '*', Resource: '*' }),
      'Statement[0].Effect must be Allow or Deny, got "allow"',
    ],
    ['no action', allow({ Resource: '*' }), 'Statement[0].Action must be a string or a list of them, got nothing'],
    [
      'an empty list',
      allow({ Action: [], Resource: '*' }),
      'Statement[0].Action must be a string or a list of them, got []',
    ],
    ['no resource', allow({ Action: '*' }), 'Statement[0].Resource must be a string or a list of them, got nothing'],
    [
      'a resource that is no text',
      allow({ Action: '*', Resource: [1] }),
      'Statement[0].Resource must be a string or a list of them, got [1]',
    ],
    [
      'both forms at once',
      allow({ Action: '*', NotAction: 'a', Resource: '*' }),
      'Statement[0] must not have both Action and NotAction',
    ],
    [
      'a principal in a policy of a role',
      allow({ Action: '*', Resource: '*', Principal: '*' }),
      'Statement[0] must not have a Principal',
    ],
    [
      'a condition in it',
      allow({ Action: '*', Resource: '*', Condition: { Odd: {} } }),
      "Statement[0]: the condition operator 'Odd' is not one of IAM's",
    ],
  ])('fails on %s', (_what, document, message) => {
    // An operator without keys is not looked at.
    const withKey = JSON.parse(JSON.stringify(document).replace('"Odd":{}', '"Odd":{"k":"v"}')) as unknown;
    expect(() => parsePolicy(withKey)).toThrow(new RangeError(message));
  });

  it.each<[string, object, string]>([
    ['no principal', {}, 'Statement[0] of a resource-based policy must have a Principal'],
    ['a principal that is a text', { Principal: 'x' }, `Statement[0]: Principal must be '*' or an object, got "x"`],
    ['an unknown kind', { Principal: { Aws: '*' } }, "Statement[0]: Principal has no kind 'Aws'"],
    [
      'a name that is no text',
      { Principal: { AWS: [1] } },
      'Statement[0]: Principal.AWS must be a string or a list of them, got [1]',
    ],
  ])('fails on a resource-based policy with %s', (_what, statement, message) => {
    const document = allow({ Action: '*', Resource: '*', ...statement });
    expect(() => parsePolicy(document, { resourceBased: true })).toThrow(new RangeError(message));
  });
});
