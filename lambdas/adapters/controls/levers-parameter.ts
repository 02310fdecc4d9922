import { GetParameterCommand, GetParameterHistoryCommand, SSMClient } from '@aws-sdk/client-ssm';
import { awsClientOptions } from '../aws-client-options.ts';

/** One version of the parameter, not yet parsed. */
export interface LeversVersion {
  readonly version: number;
  readonly value: string;
  /** ISO 8601. */
  readonly changedAt: string;
  /** ARN of whoever wrote it; `unknown` where Parameter Store does not say. */
  readonly changedBy: string;
}

/** The parameter that operators set the levers with. Both reject once the SDK's attempts are used up. */
export interface LeversParameter {
  readonly name: string;
  current(): Promise<Pick<LeversVersion, 'version' | 'value'>>;
  /** Newest first; Parameter Store keeps a hundred. */
  history(): Promise<readonly LeversVersion[]>;
}

const PAGE_MAX = 50;

export function createLeversParameter(client: SSMClient, name: string): LeversParameter {
  return {
    name,
    async current() {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
      if (Parameter?.Value === undefined || Parameter.Version === undefined) {
        throw new TypeError(`parameter ${name} has no value`);
      }
      return { version: Parameter.Version, value: Parameter.Value };
    },
    async history() {
      const versions: LeversVersion[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new GetParameterHistoryCommand({ Name: name, MaxResults: PAGE_MAX, ...(NextToken && { NextToken }) }),
        );
        for (const { Version = 0, Value = '', LastModifiedDate, LastModifiedUser = 'unknown' } of page.Parameters ??
          []) {
          const changedAt = (LastModifiedDate ?? new Date(0)).toISOString();
          versions.push({ version: Version, value: Value, changedAt, changedBy: LastModifiedUser });
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return versions.sort((a, b) => b.version - a.version);
    },
  };
}

/** The Systems Manager client of one Lambda environment. */
export function createSsmClient(): SSMClient {
  return new SSMClient(awsClientOptions());
}
