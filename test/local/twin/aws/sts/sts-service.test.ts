import * as sdk from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWNER, type Principal } from '../../../../../local/twin/aws/principal.ts';
import { type StsRoom, startSts } from '../../../../../local/twin/aws/sts/sts-room.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const FUNCTION_KEY = 'ASIATWIN00000FUNCTION';
const roleArn = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;
const caller: Principal = { kind: 'role', roleArn: roleArn('worker'), sessionName: 'worker-function' };
const RoleArn = roleArn('reader');
const RoleSessionName = 'reading';
const assume = (more: object = {}) => new sdk.AssumeRoleCommand({ RoleArn, RoleSessionName, ...more });

type Row = readonly [title: string, () => object, name: string, message: string | RegExp, key: string | undefined];
const NO_KEY = undefined;

/** API reference of the Security Token Service: errors and limits of each operation. */
const TABLE: readonly Row[] = [
  [
    'a role that no template has',
    () => assume({ RoleArn: roleArn('none') }),
    'AccessDenied',
    'User: arn:aws:sts::000000000000:assumed-role/worker/worker-function is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/none',
    FUNCTION_KEY,
  ],
  [
    'a role of another account',
    () => assume({ RoleArn: 'arn:aws:iam::111122223333:role/reader' }),
    'AccessDenied',
    /on resource: arn:aws:iam::111122223333:role\/reader$/,
    NO_KEY,
  ],
  [
    'an ARN that is no role',
    () => assume({ RoleArn: 'arn:aws:iam::000000000000:user/ada' }),
    'ValidationError',
    /at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern/,
    NO_KEY,
  ],
  [
    'a session name of one character',
    () => assume({ RoleSessionName: 'a' }),
    'ValidationError',
    "1 validation error detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    NO_KEY,
  ],
  [
    'a session name with a blank',
    () => assume({ RoleSessionName: 'a b' }),
    'ValidationError',
    /at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern/,
    NO_KEY,
  ],
  [
    '899 seconds',
    () => assume({ DurationSeconds: 899 }),
    'ValidationError',
    "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    NO_KEY,
  ],
  [
    '43,201 seconds',
    () => assume({ DurationSeconds: 43_201 }),
    'ValidationError',
    "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    NO_KEY,
  ],
  [
    'more than the role allows',
    () => assume({ DurationSeconds: 7_201 }),
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    NO_KEY,
  ],
  [
    'more than an hour by chaining',
    () => assume({ DurationSeconds: 3_601 }),
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    FUNCTION_KEY,
  ],
  [
    'a session policy',
    () => assume({ Policy: '{}' }),
    'ValidationError',
    'the twin takes no session policies; give the role itself less',
    NO_KEY,
  ],
  [
    'a session token of a session',
    () => new sdk.GetSessionTokenCommand({}),
    'AccessDenied',
    'Cannot call GetSessionToken with session credentials',
    FUNCTION_KEY,
  ],
  [
    'a web identity',
    () => new sdk.AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName, WebIdentityToken: 'token' }),
    'UnsupportedOperation',
    /^the twin has no identity provider, so AssumeRoleWithWebIdentity is not offered/,
    NO_KEY,
  ],
];

describe('sts service', () => {
  let running: RunningService<StsRoom>;

  beforeAll(async () => {
    running = await runService(
      (context) => startSts(context, (accessKeyId) => (accessKeyId === FUNCTION_KEY ? caller : OWNER)),
      { name: 'sts', resources: [resource('AWS::IAM::Role', 'reader', { MaxSessionDuration: 7_200 })] },
    );
  });
  afterAll(() => running.close());

  it('says who calls: the owner of the account, a function, or a session', async () => {
    const identity = async (key?: string) => {
      const { Arn, UserId, Account } = await new sdk.STSClient(running.client(key)).send(
        new sdk.GetCallerIdentityCommand({}),
      );
      return [Arn, UserId, Account];
    };
    expect(await identity()).toEqual(['arn:aws:iam::000000000000:root', '000000000000', '000000000000']);
    expect((await identity(FUNCTION_KEY))[0]).toBe('arn:aws:sts::000000000000:assumed-role/worker/worker-function');
    const { Credentials, AssumedRoleUser } = await new sdk.STSClient(running.client()).send(assume());
    const [arn, userId] = await identity(Credentials?.AccessKeyId);
    expect([arn, userId]).toEqual([AssumedRoleUser?.Arn, AssumedRoleUser?.AssumedRoleId]);
    expect(arn).toBe('arn:aws:sts::000000000000:assumed-role/reader/reading');
    expect(userId).toMatch(/^AROA[a-z0-9]{17}:reading$/);
  });

  it('lets whoever holds the credentials of a role be that role, until they expire', async () => {
    const { Credentials } = await new sdk.STSClient(running.client()).send(assume({ DurationSeconds: 900 }));
    const { AccessKeyId, Expiration } = Credentials ?? {};
    expect(Expiration?.getTime()).toBe(running.clock.now() + 900_000);
    expect(running.room.principalOfSession(AccessKeyId)).toEqual({
      kind: 'role',
      roleArn: RoleArn,
      sessionName: RoleSessionName,
    });
    running.clock.advance(900_000);
    expect(() => running.room.principalOfSession(AccessKeyId)).toThrow(
      'The security token included in the request is expired',
    );
    const late = new sdk.STSClient(running.client(AccessKeyId)).send(new sdk.GetCallerIdentityCommand({}));
    await expect(late).rejects.toMatchObject({ message: 'The security token included in the request is expired' });
    expect(running.room.principalOfSession('AKIAOTHER')).toBeUndefined();
  });

  it('gives the owner a session token', async () => {
    const { Credentials } = await new sdk.STSClient(running.client()).send(new sdk.GetSessionTokenCommand({}));
    expect(running.room.principalOfSession(Credentials?.AccessKeyId)).toEqual(OWNER);
  });

  it.each(TABLE)('fails on %s', async (_, command, name, message, key) => {
    const sent = new sdk.STSClient(running.client(key)).send(command() as sdk.AssumeRoleCommand);
    await expect(sent).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});
