import { parseArgs } from 'node:util';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAccountsTable } from '../lambdas/adapters/accounts-table.ts';
import { awsClientOptions } from '../lambdas/adapters/aws-client-options.ts';
import { normalizeEmail } from '../lambdas/contract/normalize-email.ts';
import { ADMINISTRATOR_SCOPES } from '../lambdas/contract/scopes.ts';

const USAGE = `npm run grant-admin -- --email ADDRESS [--revoke] [--stage dev] [--endpoint URL] [--table NAME]

Makes the account with this address an administrator's: its tokens carry the scopes ${ADMINISTRATOR_SCOPES.join(' and ')} from
the next login or refresh on. The account must have signed up. In AWS, uses the credentials and the Region of the AWS SDK
(AWS_PROFILE, AWS_REGION), which must allow dynamodb:ListTables, and dynamodb:UpdateItem on the accounts table.

  --email ADDRESS  address of the account, in any case
  --revoke         make it an account like all others again
  --stage NAME     stage whose account it is (default: dev)
  --endpoint URL   where a twin answers AWS calls; \`npm start\` prints it as "AWS"
  --table NAME     the accounts table, where the stacks are not named as in bin/assemble-stage.ts
  --help           this text
`;

const TWIN_CREDENTIALS = { accessKeyId: 'owner', secretAccessKey: 'owner' };
/** A twin is in one Region, and asks nobody for it. */
const TWIN_REGION = 'us-east-1';

export interface GrantAdminOptions {
  readonly email: string;
  readonly revoke: boolean;
  readonly stage: string;
  readonly endpoint?: string | undefined;
  readonly table?: string | undefined;
}

/** What a person can mend; the message is a plain sentence. */
export class GrantAdminError extends Error {
  readonly exitCode: number;

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'GrantAdminError';
    this.exitCode = options.exitCode ?? 1;
  }
}

/**
 * Options out of the command line; `undefined` where help is asked for.
 * @throws GrantAdminError with exit code 2
 */
export function parseGrantAdminArguments(args: readonly string[]): GrantAdminOptions | undefined {
  const { email, endpoint, table, ...values } = parse(args);
  if (values.help) return undefined;
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email.trim())) {
    throw usage(
      `--email must be an address such as ann@example.com, got ${email === undefined ? 'none' : `'${email}'`}`,
    );
  }
  if (!/^[A-Za-z0-9_-]+$/.test(values.stage)) {
    throw usage(`--stage must be the name of a stage in bin/stages.ts, got '${values.stage}'`);
  }
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol))) {
    throw usage(`--endpoint must be a URL such as http://127.0.0.1:4566, got '${endpoint}'`);
  }
  if (table !== undefined && !/^[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw usage(`--table must be a table's name, 3 to 255 letters, digits and '_', '.' and '-', got '${table}'`);
  }
  return { email: normalizeEmail(email), revoke: values.revoke, stage: values.stage, endpoint, table };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        email: { type: 'string' },
        revoke: { type: 'boolean', default: false },
        stage: { type: 'string', default: 'dev' },
        endpoint: { type: 'string' },
        table: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw usage((cause as Error).message, cause);
  }
}

function usage(message: string, cause?: unknown): GrantAdminError {
  return new GrantAdminError(`${message}; --help shows how it goes`, { exitCode: 2, cause });
}

/** Grants or revokes. Answers what was done, in a sentence. @throws GrantAdminError */
export async function grantAdmin(options: GrantAdminOptions): Promise<string> {
  const { email, revoke, endpoint } = options;
  const base = new DynamoDBClient({
    ...awsClientOptions(),
    ...(endpoint !== undefined && { endpoint, region: TWIN_REGION, credentials: TWIN_CREDENTIALS }),
  });
  try {
    const tableName = options.table ?? (await findAccountsTable(base, options));
    const accounts = createAccountsTable(DynamoDBDocumentClient.from(base), tableName);
    if (!(await accounts.setAdministrator(email, !revoke))) {
      throw new GrantAdminError(
        `there is no account with the address ${email} in ${tableName}; it has to sign up first`,
      );
    }
  } catch (error) {
    throw explain(error, options);
  } finally {
    base.destroy();
  }
  return revoke
    ? `${email} is no administrator any more; tokens that were issued before say otherwise until they end`
    : `${email} is an administrator; tokens say so from the next login or refresh on`;
}

/**
 * By the name that CloudFormation gives it: stack, logical id, and a suffix. The logical id is pinned, since another one
 * would be another table; so nothing has to be put out by the stack, and nothing but DynamoDB has to be asked.
 */
async function findAccountsTable(client: DynamoDBClient, { stage, endpoint }: GrantAdminOptions): Promise<string> {
  const stack = dataStackName(stage);
  const pattern = new RegExp(`^${stack}-TablesAccounts[0-9A-F]{8}-[A-Za-z0-9]+$`);
  const found: string[] = [];
  let start: string | undefined;
  do {
    const page = await client.send(new ListTablesCommand({ ExclusiveStartTableName: start }));
    found.push(...(page.TableNames ?? []).filter((name) => pattern.test(name)));
    start = page.LastEvaluatedTableName;
  } while (start !== undefined);
  const [name] = found;
  if (name !== undefined && found.length === 1) return name;
  const where = endpoint === undefined ? `account and Region (${await regionOf(client)})` : `twin at ${endpoint}`;
  throw new GrantAdminError(
    found.length === 0
      ? `the ${where} has no accounts table of the stage '${stage}': the stack ${stack} is not there; name another --stage, --endpoint or AWS_REGION`
      : `the ${where} has ${found.length} accounts tables of the stage '${stage}', ${found.join(' and ')}; choose one with --table`,
  );
}

/** As bin/assemble-stage.ts names it; loading that file would load the CDK. */
export function dataStackName(stage: string): string {
  return `Spillway${stage.charAt(0).toUpperCase()}${stage.slice(1)}Data`;
}

function regionOf(client: DynamoDBClient): Promise<string> {
  return client.config.region();
}

/** What DynamoDB fails with; whatever else comes from an endpoint is another server's, such as the API or the console. */
const DYNAMODB_FAILURES: readonly unknown[] = [400, 500, 503];

/** What the SDK adds to what it throws. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Faults of the surroundings, as what to do about them; a fault of this program stays as it is. */
function explain(error: unknown, { endpoint, table }: GrantAdminOptions): Error {
  if (error instanceof GrantAdminError || !(error instanceof Error)) return error as Error;
  const say = (message: string) => new GrantAdminError(message, { cause: error });
  const { code, $metadata } = error as SdkError;
  if (endpoint !== undefined && (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || error.name === 'TimeoutError')) {
    return say(`no twin answers at ${endpoint}; \`npm start\` prints where it does, as "AWS"`);
  }
  if (endpoint !== undefined && !isOfDynamoDb(error)) {
    return say(
      `what answers at ${endpoint} is not where a twin answers AWS calls; \`npm start\` prints that URL as "AWS"`,
    );
  }
  if (error.message.includes('Region is missing')) return say('the AWS Region is not known; set AWS_REGION');
  switch (error.name) {
    case 'CredentialsProviderError':
      return say('there are no AWS credentials; log in, set AWS_PROFILE, or name a twin with --endpoint');
    case 'AccessDeniedException':
      return say(`AWS does not allow it: ${error.message}`);
    case 'ResourceNotFoundException':
      return say(`there is no table '${table}' in this account and Region`);
    case 'ExpiredTokenException':
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
      return say(`AWS does not take the credentials: ${error.message}`);
    case 'ValidationException':
      return say(`DynamoDB refuses the request: ${error.message}; name the accounts table of a stage with --table`);
  }
  if ($metadata === undefined && code === undefined) return error;
  const where = endpoint ?? 'AWS';
  return say(
    `${where} fails with ${error.name}: ${error.message || code}; try again, or check the network and AWS_REGION`,
  );
}

/** Whether a failure reads like one of DynamoDB's, or never was an answer. */
function isOfDynamoDb(error: SdkError): boolean {
  // The SDK's parsers: of HTTP, and of JSON.
  if (error.code?.startsWith('HPE_') || error instanceof SyntaxError) return false;
  const { httpStatusCode } = error.$metadata ?? {};
  if (httpStatusCode === undefined) return true;
  return DYNAMODB_FAILURES.includes(httpStatusCode) && !/^Unknown(Error)?$/.test(error.name);
}

async function main(): Promise<void> {
  const options = parseGrantAdminArguments(process.argv.slice(2));
  process.stdout.write(options === undefined ? USAGE : `${await grantAdmin(options)}\n`);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    const isExpected = error instanceof GrantAdminError;
    process.stderr.write(
      `grant-admin: ${isExpected || !(error instanceof Error) ? String((error as Error).message) : error.stack}\n`,
    );
    process.exitCode = isExpected ? error.exitCode : 1;
  });
}
