import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../../../local/twin/aws/principal.ts';
import { OWNER } from '../../../../../local/twin/aws/principal.ts';
import {
  answer,
  arnOf,
  feed,
  functionIn,
  iamArn,
  iamOf,
  policy,
  role,
  roleThatMay,
  trust,
} from '../../../../support/iam-resources.ts';
import { resource } from '../../../../support/running-aws.ts';

const user = 'User: arn:aws:sts::000000000000:assumed-role/Feed/feed is not authorized to perform: ';
const posts = arnOf('dynamodb', 'table/posts');
const put = (iam: ReturnType<typeof iamOf>, principal: Principal = feed) =>
  answer(iam, principal, 'dynamodb', 'PutItem', { TableName: 'posts' });
const PUT_REFUSED = `AccessDeniedException 400 ${user}dynamodb:PutItem on resource: ${posts} because no identity-based policy allows the dynamodb:PutItem action`;

describe('createIam', () => {
  it('lets the owner of the account do everything', () => {
    expect(put(iamOf([]), OWNER)).toBe('allowed');
  });

  it('lets a role do what its policies allow, and nothing else', () => {
    const iam = iamOf([roleThatMay('Feed', { Action: 'dynamodb:PutItem', Resource: posts }), functionIn('Feed')]);
    expect(put(iam)).toBe('allowed');
    expect(answer(iam, feed, 'dynamodb', 'GetItem', { TableName: 'posts' })).toBe(
      PUT_REFUSED.replaceAll('PutItem', 'GetItem'),
    );
    expect(answer(iam, feed, 'dynamodb', 'PutItem', { TableName: 'follows' })).toContain('table/follows because no');
  });

  it.each<[string, Parameters<typeof iamOf>[0]]>([
    ['an inline policy', [roleThatMay('Feed', { Action: 'dynamodb:*' })]],
    [
      'AWS::IAM::Policy',
      [
        role('Feed'),
        resource('AWS::IAM::Policy', 'P', { Roles: ['Feed'], PolicyDocument: policy({ Action: 'dynamodb:*' }) }),
      ],
    ],
    [
      'AWS::IAM::RolePolicy',
      [
        role('Feed'),
        resource('AWS::IAM::RolePolicy', 'P', { RoleName: 'Feed', PolicyDocument: policy({ Action: 'dynamodb:*' }) }),
      ],
    ],
    [
      'a managed policy that names the role',
      [
        role('Feed'),
        resource('AWS::IAM::ManagedPolicy', iamArn('policy/P'), {
          Roles: ['Feed'],
          PolicyDocument: policy({ Action: 'dynamodb:*' }),
        }),
      ],
    ],
    [
      'a managed policy that the role names',
      [
        role('Feed', { ManagedPolicyArns: [iamArn('policy/P')] }),
        resource('AWS::IAM::ManagedPolicy', iamArn('policy/P'), { PolicyDocument: policy({ Action: 'dynamodb:*' }) }),
      ],
    ],
    [
      "a policy of AWS's own",
      [role('Feed', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess'] })],
    ],
    [
      'the policy of the table',
      [
        role('Feed'),
        resource('AWS::DynamoDB::Table', 'posts', {
          ResourcePolicy: {
            PolicyDocument: policy({ Action: 'dynamodb:PutItem', Principal: { AWS: iamArn('role/Feed') } }),
          },
        }),
      ],
    ],
  ])('goes by %s', (_what, resources) => {
    expect(put(iamOf([...resources, functionIn('Feed')]))).toBe('allowed');
    expect(put(iamOf([role('Feed'), functionIn('Feed')]))).toBe(PUT_REFUSED);
  });

  it('denies what a boundary does not allow, or a policy forbids, and says which', () => {
    const boundary = resource('AWS::IAM::ManagedPolicy', iamArn('policy/B'), {
      PolicyDocument: policy({ Action: 'sqs:*' }),
    });
    const allowed = { PolicyName: 'P', PolicyDocument: policy({ Action: '*' }) };
    const bounded = role('Feed', { Policies: [allowed], PermissionsBoundary: iamArn('policy/B') });
    expect(put(iamOf([bounded, boundary]))).toBe(
      PUT_REFUSED.replace('because no identity-based policy', 'because no permissions boundary'),
    );
    const denied = roleThatMay('Feed', { Action: '*' }, { Effect: 'Deny', Action: 'dynamodb:Put*' });
    expect(put(iamOf([denied]))).toBe(
      `AccessDeniedException 400 ${user}dynamodb:PutItem on resource: ${posts} with an explicit deny in an identity-based policy`,
    );
    const queue = `https://sqs.eu-west-1.amazonaws.com/000000000000/work`;
    const guarded = resource('AWS::SQS::QueuePolicy', 'Q', {
      Queues: [queue],
      PolicyDocument: policy({ Effect: 'Deny', Action: 'sqs:*', Principal: '*' }),
    });
    expect(answer(iamOf([denied, guarded]), feed, 'sqs', 'SendMessage', { QueueUrl: queue })).toBe(
      `AccessDenied 403 ${user}sqs:sendmessage on resource: ${arnOf('sqs', 'work')} with an explicit deny in a resource-based policy`,
    );
  });

  it('takes the loopback for TLS, so that queues may insist on it', () => {
    const queue = `https://sqs.eu-west-1.amazonaws.com/000000000000/work`;
    const tls = resource('AWS::SQS::QueuePolicy', 'Q', {
      Queues: [queue],
      PolicyDocument: policy({
        Effect: 'Deny',
        Action: 'sqs:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    });
    const iam = iamOf([roleThatMay('Feed', { Action: 'sqs:SendMessage' }), tls]);
    expect(answer(iam, feed, 'sqs', 'SendMessage', { QueueUrl: queue })).toBe('allowed');
  });

  it('takes a policy of a bucket for its objects, too, and names them in quotes', () => {
    const Bucket = 'media';
    const bucketPolicy = (...statements: object[]) =>
      resource('AWS::S3::BucketPolicy', 'B', { Bucket, PolicyDocument: policy(...statements) });
    const all = ['arn:aws:s3:::media', 'arn:aws:s3:::media/*'];
    const tls = { Action: 's3:*', Principal: '*', Resource: all };
    const insists = bucketPolicy({
      ...{ ...tls, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    });
    const may = roleThatMay('Feed', { Action: 's3:PutObject', Resource: 'arn:aws:s3:::media/in/*' });
    const put = (iam: ReturnType<typeof iamOf>, Key: string) => answer(iam, feed, 's3', 'PutObject', { Bucket, Key });
    expect(put(iamOf([may, insists]), 'in/a')).toBe('allowed');
    expect(put(iamOf([may, insists]), 'out/a')).toBe(
      `AccessDenied 403 ${user}s3:PutObject on resource: "arn:aws:s3:::media/out/a" because no identity-based policy allows the s3:PutObject action`,
    );
    const closed = bucketPolicy({ ...tls, Effect: 'Deny', Resource: 'arn:aws:s3:::media/in/a' });
    expect(put(iamOf([may, closed]), 'in/b')).toBe('allowed');
    expect(put(iamOf([may, closed]), 'in/a')).toBe(
      `AccessDenied 403 ${user}s3:PutObject on resource: "arn:aws:s3:::media/in/a" with an explicit deny in a resource-based policy`,
    );
    const given = bucketPolicy({ Action: 's3:PutObject', Principal: { AWS: iamArn('role/Feed') }, Resource: all });
    expect(put(iamOf([role('Feed'), given]), 'any')).toBe('allowed');
  });

  it('knows the role, its tags and the function of a session', () => {
    const conditions = {
      ArnEquals: {
        'aws:PrincipalArn': iamArn('role/Feed'),
        'lambda:SourceFunctionArn': arnOf('lambda', 'function:feed'),
      },
      StringEquals: {
        'aws:PrincipalTag/Team': 'red',
        'aws:PrincipalAccount': '000000000000',
        'aws:RequestedRegion': 'eu-west-1',
      },
      IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
      Null: { 'aws:SourceVpc': 'true' },
    };
    const tagged = role('Feed', {
      Tags: [{ Key: 'Team', Value: 'red' }],
      Policies: [{ PolicyName: 'P', PolicyDocument: policy({ Action: 'dynamodb:*', Condition: conditions }) }],
    });
    expect(put(iamOf([tagged, functionIn('Feed')]))).toBe('allowed');
    expect(put(iamOf([tagged, functionIn('Feed', 'other')]))).toBe(PUT_REFUSED);
  });

  it('decides anew as time goes by', () => {
    let nowMs = Date.UTC(2026, 10, 22);
    const until = { DateLessThan: { 'aws:CurrentTime': '2026-11-22T00:00:01Z' } };
    const iam = iamOf([roleThatMay('Feed', { Action: 'dynamodb:*', Condition: until })], { nowMs: () => nowMs });
    expect(put(iam)).toBe('allowed');
    nowMs += 1_000;
    expect(put(iam)).toBe(PUT_REFUSED);
  });

  it('lets a role of a path go by its name in sessions', () => {
    const inPath = role('Feed', { Path: '/team/' });
    const principal: Principal = { kind: 'role', roleArn: iamArn('role/team/Feed'), sessionName: 'feed' };
    expect(put(iamOf([inPath]), principal)).toBe(PUT_REFUSED);
  });

  it('lets a role that no template declares do everything, and says so once', () => {
    const iam = iamOf([]);
    expect([put(iam), put(iam, { ...feed })]).toEqual(['allowed', 'allowed']);
    expect(iam.lines).toEqual([
      `${iamArn('role/Feed')} is not a role of the templates, so nothing is known of its policies: it may do everything here`,
    ]);
  });

  it('lets everything through in warn, and counts what AWS would deny', () => {
    const iam = iamOf([role('Feed')], { mode: 'warn' });
    expect([put(iam), put(iam)]).toEqual(['allowed', 'allowed']);
    const message = PUT_REFUSED.replace('AccessDeniedException 400 ', '');
    expect(iam.lines).toEqual([`IAM would deny in AWS: ${message}`]);
    expect(iam.report()).toEqual({ mode: 'warn', unused: [], denied: [{ message, count: 2 }] });
  });

  it('goes by the new resources once they are applied', () => {
    const iam = iamOf([role('Feed')]);
    expect(put(iam)).toBe(PUT_REFUSED);
    iam.apply([roleThatMay('Feed', { Action: 'dynamodb:*' })]);
    expect(put(iam)).toBe('allowed');
    expect(() => iam.apply([role('Feed', { AssumeRolePolicyDocument: 'x' }), functionIn('Feed')])).toThrow();
    expect(put(iam)).toBe('allowed');
  });

  it('knows as whom a function calls', () => {
    const iam = iamOf([role('Feed'), functionIn('Feed')]);
    expect(iam.principalOfFunction('feed')).toEqual(feed);
    expect(iam.principalOfFunction('feed')).toBe(iam.principalOfFunction('feed'));
    expect(iam.principalOfFunction('other')).toBe(OWNER);
  });

  it('fails on an operation of which nothing is known, rather than let it through', () => {
    expect(answer(iamOf([role('Feed')]), feed, 'dynamodb', 'Nothing', {})).toBe(
      'InternalFailure 500 the twin does not know what dynamodb:Nothing asks of IAM; add it to local/twin/aws/iam/questions',
    );
  });

  it('fails on a function whose role does not trust Lambda', () => {
    const resources = [
      role('Feed', { AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }) }),
      functionIn('Feed'),
    ];
    expect(() => iamOf(resources)).toThrow(
      "function 'feed' (feed) of stack 'Stack': its role Feed (Feed) does not trust lambda.amazonaws.com: " +
        'The role defined for the function cannot be assumed by Lambda.',
    );
    expect(iamOf(resources, { mode: 'warn' }).lines[0]).toContain('cannot be assumed by Lambda');
  });

  it('fails on a policy of AWS that the twin does not have, where a function would need it', () => {
    const unknown = role('Feed', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonBraketFullAccess'] });
    expect(() => iamOf([unknown])).not.toThrow();
    expect(() => iamOf([unknown, functionIn('Feed')])).toThrow(
      "role 'Feed' (Feed) of stack 'Stack': the twin does not have the policy arn:aws:iam::aws:policy/AmazonBraketFullAccess of ManagedPolicyArns",
    );
  });

  it('takes a policy as JSON in a text', () => {
    const PolicyDocument = JSON.stringify(policy({ Action: 'dynamodb:*' }));
    expect(put(iamOf([role('Feed', { Policies: [{ PolicyName: 'P', PolicyDocument }] })]))).toBe('allowed');
    expect(() =>
      iamOf([role('Feed', { Policies: [{ PolicyName: 'P', PolicyDocument: '{' }] }), functionIn('Feed')]),
    ).toThrow("AWS::IAM::Role 'Feed' (Feed) of stack 'Stack': Policies 'P' is no policy: ");
  });

  it('fails on a malformed policy, naming the resource', () => {
    const odd = resource('AWS::IAM::Policy', 'P', { Roles: ['Feed'], PolicyDocument: policy({ Resource: '*' }) });
    expect(() => iamOf([role('Feed'), odd, functionIn('Feed')])).toThrow(
      "AWS::IAM::Policy 'P' (P) of stack 'Stack': PolicyDocument is no policy: Statement[0].Action must be a string or a list of them, got nothing",
    );
  });
});
