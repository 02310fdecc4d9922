import * as sdk from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SsmRoom, startSsm } from '../../../../../local/twin/aws/ssm/ssm-room.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const Name = '/app/url';
const put = (more: object) => () => new sdk.PutParameterCommand({ Name: '/new', Value: 'v', Type: 'String', ...more });
type Row = readonly [title: string, () => object, name: string, message: string | RegExp];

/** API reference of Systems Manager: errors and limits of the Parameter Store. */
const TABLE: readonly Row[] = [
  [
    'no such parameter',
    () => new sdk.GetParameterCommand({ Name: 'none' }),
    'ParameterNotFound',
    'Parameter none not found.',
  ],
  [
    'no such version',
    () => new sdk.GetParameterCommand({ Name: '/app/url:9' }),
    'ParameterVersionNotFound',
    'Systems Manager could not find version 9 of /app/url. Verify the version and try again.',
  ],
  [
    'a parameter that is there, without overwrite',
    put({ Name }),
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  ],
  [
    'another type',
    put({ Name, Type: 'StringList', Overwrite: true }),
    'HierarchyTypeMismatchException',
    /changing a parameter type in a hierarchy: \/app\/url is a String, not a StringList/,
  ],
  [
    'a new parameter without a type',
    put({ Type: undefined }),
    'ValidationException',
    'A parameter type is required when you create a parameter.',
  ],
  [
    'an unknown type',
    put({ Type: 'Number' }),
    'ValidationException',
    "1 validation error detected: Value 'Number' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [String, StringList, SecureString]",
  ],
  [
    'tags with overwrite',
    put({ Name, Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }),
    'ValidationException',
    /^Invalid request: tags and overwrite can't be used together/,
  ],
  ['an empty value', put({ Value: '' }), 'ValidationException', /Member must have length greater than or equal to 1$/],
  [
    'a value of 4,097 bytes',
    put({ Value: 'v'.repeat(4_097) }),
    'ValidationException',
    /^Standard tier parameters support a maximum parameter value of 4096 characters/,
  ],
  [
    'an advanced value of 8,193 bytes',
    put({ Value: 'v'.repeat(8_193), Tier: 'Advanced' }),
    'ValidationException',
    'Advanced tier parameters support a maximum parameter value of 8192 characters.',
  ],
  [
    'a value of another pattern',
    put({ Value: 'x', AllowedPattern: '\\d+' }),
    'ParameterPatternMismatchException',
    'Parameter value, cannot be validated against allowedPattern: \\d+',
  ],
  [
    'a pattern that is none',
    put({ AllowedPattern: '(' }),
    'InvalidAllowedPatternException',
    'The allowedPattern ( is no regular expression.',
  ],
  ['a name of AWS', put({ Name: '/aws/x' }), 'AccessDeniedException', 'No access to reserved parameter name: /aws/x.'],
  [
    'a name of SSM',
    put({ Name: 'ssm-x' }),
    'ValidationException',
    /^Parameter name: can't be prefixed with "ssm" \(case-insensitive\)/,
  ],
  [
    'a path without its first slash',
    put({ Name: 'app/url' }),
    'ValidationException',
    'Parameter name must be a fully qualified name.',
  ],
  ['a name with a blank', put({ Name: 'a b' }), 'ValidationException', /^Parameter name: can't be "a b"/],
  [
    'sixteen levels',
    put({ Name: '/a'.repeat(16) }),
    'HierarchyLevelLimitExceededException',
    /^A hierarchy can have a maximum of 15 levels, got 16/,
  ],
  [
    'eleven names',
    () => new sdk.GetParametersCommand({ Names: Array.from({ length: 11 }, (_, index) => `p${index}`) }),
    'ValidationException',
    /at 'names' failed to satisfy constraint: Member must have length less than or equal to 10$/,
  ],
  [
    'a path that is none',
    () => new sdk.GetParametersByPathCommand({ Path: 'app' }),
    'ValidationException',
    /must begin with a forward slash "\/".* Got "app"\.$/,
  ],
  [
    'eleven results by path',
    () => new sdk.GetParametersByPathCommand({ Path: '/', MaxResults: 11 }),
    'ValidationException',
    /at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10$/,
  ],
  [
    'an unknown filter',
    () => new sdk.DescribeParametersCommand({ ParameterFilters: [{ Key: 'Colour' }] }),
    'InvalidFilterKey',
    'The specified filter key Colour is not valid.',
  ],
  [
    'an unknown way to filter',
    () => new sdk.DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Option: 'Like', Values: ['a'] }] }),
    'InvalidFilterOption',
    'The filter option Like is not valid. Valid options: Equals, BeginsWith, Contains.',
  ],
  [
    'a token that is none',
    () => new sdk.DescribeParametersCommand({ NextToken: 'x' }),
    'InvalidNextToken',
    'The specified token is not valid.',
  ],
  [
    'an eleventh label',
    () => new sdk.LabelParameterVersionCommand({ Name, Labels: ['eleventh'] }),
    'ParameterVersionLabelLimitExceeded',
    /^A parameter version can have a maximum of 10 labels\. Version 1 of \/app\/url would have 11/,
  ],
  [
    'tags of another kind of resource',
    () => new sdk.ListTagsForResourceCommand({ ResourceType: 'Document', ResourceId: 'x' }),
    'InvalidResourceType',
    'the twin has tags of a Parameter only, got Document',
  ],
  [
    'tags of nothing',
    () => new sdk.ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: 'x' }),
    'InvalidResourceId',
    'The resource ID x is not valid. Verify that you entered the correct ID and try again.',
  ],
];

describe('ssm service, its errors and limits', () => {
  let running: RunningService<SsmRoom>;
  let client: sdk.SSMClient;

  beforeAll(async () => {
    running = await runService(startSsm, {
      name: 'ssm',
      resources: [resource('AWS::SSM::Parameter', Name, { Type: 'String', Value: 'one' })],
    });
    client = new sdk.SSMClient(running.client());
    const Labels = Array.from({ length: 10 }, (_, index) => `label${index}`);
    await client.send(new sdk.LabelParameterVersionCommand({ Name, Labels }));
  });
  afterAll(() => running.close());

  it.each(TABLE)('fails on %s', async (_, command, name, message) => {
    const sent = client.send(command() as sdk.GetParameterCommand);
    await expect(sent).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it.each([
    ['a standard value of 4,096 bytes', { Value: 'v'.repeat(4_096) }],
    ['an advanced value of 8,192 bytes', { Value: 'v'.repeat(8_192), Tier: 'Advanced' }],
    ['fifteen levels', { Name: '/a'.repeat(15) }],
  ])('takes %s', async (_, more) => {
    const { Version } = await client.send(
      new sdk.PutParameterCommand({ Name: '/fits', Value: 'v', Type: 'String', Overwrite: true, ...(more as object) }),
    );
    expect(Version).toBeGreaterThan(0);
  });
});
