import { ANY, contextOf, each, entries, member, type ServiceQuestions } from '../question.ts';

const nobody = (): readonly [] => [];

export const STS_QUESTIONS: ServiceQuestions = {
  ...each('sts', ['DecodeAuthorizationMessage', 'GetFederationToken'], ANY),
  ...each(
    'sts',
    ['AssumeRole'],
    (input) => member(input, 'RoleArn'),
    (input) =>
      contextOf({
        'sts:externalid': () => member(input, 'ExternalId') || undefined,
        'sts:rolesessionname': () => member(input, 'RoleSessionName') || undefined,
        'aws:tagkeys': () => {
          const keys = entries(input, 'Tags').map((tag) => member(tag, 'Key'));
          return keys.length > 0 ? keys : undefined;
        },
      }),
  ),
  // Whoever has a token of an identity provider signs nothing; the role's trust policy decides.
  AssumeRoleWithSAML: nobody,
  AssumeRoleWithWebIdentity: nobody,
  // No permission is needed to learn who one is, and none can forbid it; neither for a session of one's own.
  GetAccessKeyInfo: nobody,
  GetCallerIdentity: nobody,
  GetSessionToken: nobody,
};
