import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/twin/aws/aws-error.ts';
import { type RunningAws, runAws } from '../../../support/running-aws.ts';

describe('what stands around the calls to an AWS endpoint', () => {
  let running: RunningAws | undefined;
  afterEach(() => running?.aws.close());
  const listTables = () => new DynamoDBClient(running?.clientOptions() ?? {}).send(new ListTablesCommand({}));

  it('is told of each call from outside, and none from inside, and makes it', async () => {
    const seen: string[] = [];
    running = await runAws({
      around: ({ service, operation, accessKeyId }, run) => {
        seen.push(`${accessKeyId} ${service}:${operation}`);
        return run();
      },
    });
    expect((await listTables()).TableNames).toEqual(['posts']);
    await running.aws.call('dynamodb', 'ListTables', {});
    expect(seen).toEqual(['ASIATWIN000000000001 dynamodb:ListTables']);
  });

  it('fails a call with what it throws', async () => {
    running = await runAws({
      around: async () => {
        throw new AwsError('ThrottlingException', 'not now');
      },
    });
    await expect(listTables()).rejects.toThrow('not now');
  });
});
