import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantAdmin, parseGrantAdminArguments } from '../../bin/grant-admin.ts';
import { OperatorError } from '../../local/redrive/operator-error.ts';
import { type RunningAws, resource, runAws } from '../support/running-aws.ts';

const table = (name: string) =>
  resource('AWS::DynamoDB::GlobalTable', name, {
    AttributeDefinitions: [{ AttributeName: 'email', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: [{ Region: 'eu-west-1' }],
  });
const ACCOUNTS = 'SpillwayDevData-TablesAccounts2D520C9A-1ABC2DEF3GHI';
const email = 'ann@example.com';

describe('parseGrantAdminArguments', () => {
  it('reads the address in any case, the stage dev, and no twin unless told', () => {
    expect(parseGrantAdminArguments(['--email', ' Ann@Example.com '])).toEqual({
      email,
      revoke: false,
      stage: 'dev',
      endpoint: undefined,
      table: undefined,
    });
    expect(
      parseGrantAdminArguments(['--email', email, '--revoke', '--stage', 'prod', '--endpoint', 'http://127.0.0.1:1']),
    ).toMatchObject({ revoke: true, stage: 'prod', endpoint: 'http://127.0.0.1:1' });
  });

  it('wants nothing where help is asked for', () => {
    expect(parseGrantAdminArguments(['--help'])).toBeUndefined();
  });

  it.each([
    [[], '--email must be an address such as ann@example.com, got none'],
    [['--email', 'ann'], "--email must be an address such as ann@example.com, got 'ann'"],
    [['--email', email, '--stage', 'a b'], "--stage must be the name of a stage in bin/stages.ts, got 'a b'"],
    [['--email', email, '--endpoint', 'here'], "--endpoint must be a URL such as http://127.0.0.1:4566, got 'here'"],
    ...['', 'a/b', 'ab', 'a'.repeat(256)].map((table) => [
      ['--email', email, '--table', table],
      `--table must be a table's name, 3 to 255 letters, digits and '_', '.' and '-', got '${table}'`,
    ]),
    [['--mail', email], "Unknown option '--mail'"],
  ] as [string[], string][])('fails for %j with exit code 2', (args, message) => {
    expect(() => parseGrantAdminArguments(args)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), exitCode: 2 }),
    );
  });
});

describe('grantAdmin', () => {
  let running: RunningAws;
  let client: DynamoDBClient;
  const options = (more: object = {}) => ({ email, revoke: false, stage: 'dev', endpoint: running.aws.url, ...more });
  const administrator = async () => {
    const found = await client.send(new GetItemCommand({ TableName: ACCOUNTS, Key: { email: { S: email } } }));
    return found.Item?.administrator?.BOOL;
  };

  beforeAll(async () => {
    running = await runAws();
    client = new DynamoDBClient(running.clientOptions());
    await running.aws.provision(
      [
        ACCOUNTS,
        'SpillwayDevData-TablesAccountsArchive2D520C9A-1ABC',
        'SpillwayTwiceData-TablesAccounts2D520C9A-1ABC',
        'SpillwayTwiceData-TablesAccounts2D520C9A-2ABC',
      ].map(table),
    );
    await client.send(new PutItemCommand({ TableName: ACCOUNTS, Item: { email: { S: email } } }));
  });
  afterAll(async () => {
    client.destroy();
    await running.aws.close();
  });

  it('finds the table of the stage, grants, and revokes', async () => {
    expect(await grantAdmin(options())).toBe(
      'ann@example.com is an administrator; tokens say so from the next login or refresh on',
    );
    expect(await administrator()).toBe(true);
    expect(await grantAdmin(options({ revoke: true }))).toMatch(/^ann@example.com is no administrator any more/);
    expect(await administrator()).toBeUndefined();
  });

  it('fails for an address without an account, and makes none', async () => {
    await expect(grantAdmin(options({ email: 'bob@example.com' }))).rejects.toThrow(
      `there is no account with the address bob@example.com in ${ACCOUNTS}; it has to sign up first`,
    );
  });

  it('fails for a stage without a table, or with two of them', async () => {
    await expect(grantAdmin(options({ stage: 'prod' }))).rejects.toThrow(
      `the twin at ${running.aws.url} has no accounts table of the stage 'prod': the stack SpillwayProdData is not there; name another --stage, --endpoint or AWS_REGION`,
    );
    const twice = options({ stage: 'twice' });
    await expect(grantAdmin(twice)).rejects.toThrow('has 2 accounts tables of the stage');
    await expect(grantAdmin({ ...twice, table: ACCOUNTS })).resolves.toContain('is an administrator');
  });

  it('fails where no twin answers', async () => {
    await expect(grantAdmin(options({ endpoint: 'http://127.0.0.1:1' }))).rejects.toThrow(
      'no twin answers at http://127.0.0.1:1; `npm start` prints where it does, as "AWS"',
    );
  });

  it('fails for a table that is not there', async () => {
    await expect(grantAdmin(options({ table: 'nothing' }))).rejects.toThrow(
      "there is no table 'nothing' in this account and Region",
    );
  });

  it.each([
    ["the API's", 403, { 'x-amzn-errortype': 'MissingAuthenticationTokenException' }, '{"message":"Missing"}'],
    ["the console's", 404, { 'content-type': 'text/plain' }, 'not found'],
    ['of any page', 200, { 'content-type': 'text/html' }, '<html></html>'],
    ['of a server that refuses', 400, {}, ''],
    ['of a server that fails', 500, {}, 'oops'],
  ])('fails for a URL that is %s', async (_, status, headers, body) => {
    const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(grantAdmin(options({ endpoint }))).rejects.toThrow(
      new OperatorError(
        `what answers at ${endpoint} is not where a twin answers AWS calls; \`npm start\` prints that URL as "AWS"`,
      ),
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('fails for a table of something else', async () => {
    const other = 'something-else';
    const key = [{ AttributeName: 'id', AttributeType: 'S' }];
    await running.aws.provision([
      resource('AWS::DynamoDB::GlobalTable', other, {
        AttributeDefinitions: key,
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [{ Region: 'eu-west-1' }],
      }),
    ]);
    await expect(grantAdmin(options({ table: other }))).rejects.toThrow(
      /^DynamoDB refuses the request: .*; name the accounts table of a stage with --table$/,
    );
  });
});
