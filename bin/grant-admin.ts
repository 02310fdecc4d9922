import { DynamoDBClient, type DynamoDBServiceException, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAccountsTable } from '../lambdas/adapters/accounts-table.ts';
import { normalizeEmail } from '../lambdas/contract/normalize-email.ts';
import { ADMINISTRATOR_SCOPES } from '../lambdas/contract/scopes.ts';
import { stackName } from '../lambdas/contract/stack-name.ts';
import { OperatorError, usageError } from '../local/redrive/operator-error.ts';
import { clientOptions, explain, notATwin, runCommand } from './operator-access.ts';
import { OPERATOR_USAGE, type OperatorOptions, parseArguments, readOperatorOptions } from './operator-arguments.ts';

const USAGE = `npm run grant-admin -- --email ADDRESS [--revoke] [--stage dev] [--endpoint URL] [--table NAME]

Makes the account with this address an administrator's: its tokens carry the scopes ${ADMINISTRATOR_SCOPES.join(' and ')} from
the next login or refresh on. The account must have signed up. In AWS, uses the credentials and the Region of the AWS SDK
(AWS_PROFILE, AWS_REGION), which must allow dynamodb:ListTables, and dynamodb:UpdateItem on the accounts table.

  --email ADDRESS   address of the account, in any case
  --revoke          make it an account like all others again
  --table NAME      the accounts table, where the stacks are not named as in bin/assemble-stage.ts
${OPERATOR_USAGE}`;

export interface GrantAdminOptions extends OperatorOptions {
  readonly email: string;
  readonly revoke: boolean;
  readonly table?: string | undefined;
}

/**
 * Options out of the command line; `undefined` where help is asked for.
 * @throws OperatorError with exit code 2
 */
export function parseGrantAdminArguments(args: readonly string[]): GrantAdminOptions | undefined {
  const { email, table, ...values } = parseArguments(args, {
    email: { type: 'string' },
    revoke: { type: 'boolean', default: false },
    table: { type: 'string' },
  });
  if (values.help) return undefined;
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email.trim())) {
    throw usageError(
      `--email must be an address such as ann@example.com, got ${email === undefined ? 'none' : `'${email}'`}`,
    );
  }
  if (table !== undefined && !/^[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw usageError(`--table must be a table's name, 3 to 255 letters, digits and '_', '.' and '-', got '${table}'`);
  }
  return { ...readOperatorOptions(values), email: normalizeEmail(email), revoke: values.revoke, table };
}

/** Grants or revokes. Answers what was done, in a sentence. @throws OperatorError */
export async function grantAdmin(options: GrantAdminOptions): Promise<string> {
  const { email, revoke } = options;
  const base = new DynamoDBClient(clientOptions(options));
  try {
    const tableName = options.table ?? (await findAccountsTable(base, options));
    const accounts = createAccountsTable(DynamoDBDocumentClient.from(base), tableName);
    if (!(await accounts.setAdministrator(email, !revoke))) {
      throw new OperatorError(`there is no account with the address ${email} in ${tableName}; it has to sign up first`);
    }
  } catch (error) {
    throw explainDynamoDb(error, options);
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
  const stack = stackName(stage, 'Data');
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
  const where = endpoint === undefined ? `account and Region (${await client.config.region()})` : `twin at ${endpoint}`;
  throw new OperatorError(
    found.length === 0
      ? `the ${where} has no accounts table of the stage '${stage}': the stack ${stack} is not there; name another --stage, --endpoint or AWS_REGION`
      : `the ${where} has ${found.length} accounts tables of the stage '${stage}', ${found.join(' and ')}; choose one with --table`,
  );
}

/** What DynamoDB fails with; whatever else comes from an endpoint is another server's, such as the API or the console. */
const DYNAMODB_FAILURES: readonly number[] = [400, 500, 503];

/** What only DynamoDB says, as what to do about it; see `explain` for the rest. */
function explainDynamoDb(error: unknown, options: GrantAdminOptions): unknown {
  if (error instanceof OperatorError || !(error instanceof Error)) return error;
  const { endpoint, table } = options;
  const { httpStatusCode } = (error as Partial<DynamoDBServiceException>).$metadata ?? {};
  if (endpoint !== undefined && httpStatusCode !== undefined && !DYNAMODB_FAILURES.includes(httpStatusCode)) {
    return notATwin(endpoint, error);
  }
  const say = (message: string) => new OperatorError(message, { cause: error });
  switch (error.name) {
    case 'ResourceNotFoundException':
      return say(`there is no table '${table}' in this account and Region`);
    case 'ValidationException':
      return say(`DynamoDB refuses the request: ${error.message}; name the accounts table of a stage with --table`);
    default:
      return explain(error, options);
  }
}

if (import.meta.main) {
  runCommand({
    name: 'grant-admin',
    usage: USAGE,
    parse: parseGrantAdminArguments,
    run: async (options, say) => {
      say(await grantAdmin(options));
      return 0;
    },
  });
}
