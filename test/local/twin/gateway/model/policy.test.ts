import { describe, expect, test } from 'vitest';
import { evaluatePolicy, type Policy, parsePolicy } from '../../../../../local/twin/gateway/model/policy.ts';

const api = 'arn:aws:execute-api:eu-west-1:123456789012:abc/dev';

function policy(...statements: object[]): Policy {
  const parsed = parsePolicy({ Version: '2012-10-17', Statement: statements });
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}
const allow = (...Resource: string[]) => ({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource });
const deny = (...Resource: string[]) => ({ Effect: 'Deny', Action: 'execute-api:Invoke', Resource });

describe('evaluatePolicy', () => {
  test('allows what a statement names, and denies the rest implicitly', () => {
    const parsed = policy(allow(`${api}/GET/api/feed`));
    expect(evaluatePolicy(parsed, `${api}/GET/api/feed`)).toBe('allow');
    expect(evaluatePolicy(parsed, `${api}/POST/api/feed`)).toBe('implicit-deny');
    expect(evaluatePolicy(parsed, `${api}/GET/api/feed/1`)).toBe('implicit-deny');
  });

  test('lets * stand for any run and ? for one character', () => {
    expect(evaluatePolicy(policy(allow(`${api}/PUT/api/follows/*`)), `${api}/PUT/api/follows/a/b`)).toBe('allow');
    expect(evaluatePolicy(policy(allow(`${api}/GET/v?/x`)), `${api}/GET/v1/x`)).toBe('allow');
    expect(evaluatePolicy(policy(allow(`${api}/GET/v?/x`)), `${api}/GET/v10/x`)).toBe('implicit-deny');
    expect(evaluatePolicy(policy(allow('*')), `${api}/GET/`)).toBe('allow');
  });

  test('puts Deny over Allow, in any order', () => {
    const [yes, no] = [allow('*'), deny(`${api}/DELETE/*`)];
    expect(evaluatePolicy(policy(yes, no), `${api}/DELETE/x`)).toBe('explicit-deny');
    expect(evaluatePolicy(policy(no, yes), `${api}/DELETE/x`)).toBe('explicit-deny');
    expect(evaluatePolicy(policy(no, yes), `${api}/GET/x`)).toBe('allow');
  });

  test('ignores statements about other actions, and takes action names in any case', () => {
    const other = { Effect: 'Deny', Action: ['s3:*', 'execute-api:ManageConnections'], Resource: '*' };
    const mixed = { Effect: 'Allow', Action: 'Execute-API:*', Resource: '*' };
    expect(evaluatePolicy(policy(other, mixed), `${api}/GET/x`)).toBe('allow');
  });

  test('honours NotResource and NotAction', () => {
    const notAdmin = { Effect: 'Allow', Action: '*', NotResource: `${api}/*/admin*` };
    expect(evaluatePolicy(policy(notAdmin), `${api}/GET/x`)).toBe('allow');
    expect(evaluatePolicy(policy(notAdmin), `${api}/GET/admin`)).toBe('implicit-deny');
    const notInvoke = { Effect: 'Deny', NotAction: 'execute-api:Invoke', Resource: '*' };
    expect(evaluatePolicy(policy(notInvoke, notAdmin), `${api}/GET/x`)).toBe('allow');
  });
});

describe('a Condition', () => {
  const from = (address: string) => (key: string) => (key === 'aws:sourceip' ? address : undefined);

  test('makes its statement count only where it holds', () => {
    const inside = { ...allow('*'), Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } } };
    expect(evaluatePolicy(policy(inside), `${api}/GET/x`, from('10.1.2.3'))).toBe('allow');
    expect(evaluatePolicy(policy(inside), `${api}/GET/x`, from('11.1.2.3'))).toBe('implicit-deny');
    expect(evaluatePolicy(policy(inside), `${api}/GET/x`)).toBe('implicit-deny');
  });

  test('of a Deny that does not hold lets the Allow stand', () => {
    const outside = { ...deny('*'), Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
    expect(evaluatePolicy(policy(allow('*'), outside), `${api}/GET/x`, from('10.1.2.3'))).toBe('allow');
    expect(evaluatePolicy(policy(allow('*'), outside), `${api}/GET/x`, from('11.1.2.3'))).toBe('explicit-deny');
  });
});

describe('parsePolicy', () => {
  test.each([
    [undefined, 'policyDocument is not an object'],
    [[], 'policyDocument is not an object'],
    [{}, 'policyDocument.Statement is not a list of statements'],
    [{ Statement: ['x'] }, 'policyDocument.Statement is not a list of statements'],
    [{ Statement: [{ Effect: 'allow', Action: '*', Resource: '*' }] }, 'Effect must be Allow or Deny, got "allow"'],
    [{ Statement: [{ Effect: 'Allow', Resource: '*' }] }, 'Action must be a string or a list of them, got nothing'],
    [{ Statement: [{ Effect: 'Allow', Action: '*' }] }, 'Resource must be a string or a list of them, got nothing'],
    [
      { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Near: { a: 'b' } } }] },
      'the Condition operator Near is not evaluated by the twin',
    ],
  ])('fails on %j', (document, reason) => {
    expect(parsePolicy(document)).toBe(reason);
  });

  test('takes a single statement for a list of one', () => {
    expect(parsePolicy({ Statement: allow('*') })).toEqual(policy(allow('*')));
  });
});
