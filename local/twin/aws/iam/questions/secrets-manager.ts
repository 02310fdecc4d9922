import type { Ask, Question, ServiceQuestions } from '../question.ts';
import { ANY, contextOf, each, lazily, member, texts } from '../question.ts';

/** AWS shows the secret as the caller named it. */
function aboutSecret(operation: string): Ask {
  const action = `secretsmanager:${operation}`;
  return (input, names) => {
    const shown = member(input, 'SecretId');
    return [
      {
        action,
        resource: names.secret(shown),
        shown,
        context: lazily(() =>
          contextOf({
            'secretsmanager:secretid': () => names.secret(shown),
            'secretsmanager:versionid': () => member(input, 'VersionId') || undefined,
            'secretsmanager:versionstage': () =>
              member(input, 'VersionStage') || (operation === 'GetSecretValue' ? 'AWSCURRENT' : undefined),
            'secretsmanager:recoverywindowindays': () =>
              input.RecoveryWindowInDays === undefined ? undefined : String(input.RecoveryWindowInDays),
            'secretsmanager:forcedeletewithoutrecovery': () =>
              input.ForceDeleteWithoutRecovery === undefined ? undefined : String(input.ForceDeleteWithoutRecovery),
          }),
        ),
      },
    ];
  };
}

const OF_SECRET = [
  'CancelRotateSecret',
  'DeleteResourcePolicy',
  'DeleteSecret',
  'DescribeSecret',
  'GetResourcePolicy',
  'GetSecretValue',
  'ListSecretVersionIds',
  'PutResourcePolicy',
  'PutSecretValue',
  'RemoveRegionsFromReplication',
  'ReplicateSecretToRegions',
  'RestoreSecret',
  'RotateSecret',
  'StopReplicationToReplica',
  'TagResource',
  'UntagResource',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'ValidateResourcePolicy',
];

/** Reading many takes the permission to read each, beside its own. */
const batchGet: Ask = (input, names) => [
  { action: 'secretsmanager:BatchGetSecretValue', resource: '*' },
  ...texts(input, 'SecretIdList').map(
    (shown): Question => ({ action: 'secretsmanager:GetSecretValue', resource: names.secret(shown), shown }),
  ),
];

const createSecret: Ask = (input, names) => {
  const name = member(input, 'Name');
  return [
    {
      action: 'secretsmanager:CreateSecret',
      resource: names.secret(name),
      shown: name,
      context: contextOf({ 'secretsmanager:name': () => name }),
    },
  ];
};

export const SECRETS_MANAGER_QUESTIONS: ServiceQuestions = {
  ...each('secretsmanager', ['GetRandomPassword', 'ListSecrets'], ANY),
  ...Object.fromEntries(OF_SECRET.map((operation) => [operation, aboutSecret(operation)])),
  BatchGetSecretValue: batchGet,
  CreateSecret: createSecret,
};
