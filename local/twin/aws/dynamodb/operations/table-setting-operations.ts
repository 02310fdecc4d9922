import type { Input } from '../../aws-call.ts';
import { AwsError } from '../../aws-error.ts';
import { validationError } from '../dynamodb-error.ts';
import { checkInput, rulesOf } from '../input/dynalite.ts';
import type { Tag } from '../input/table-input.ts';
import type { Table } from '../storage/table.ts';
import type { DynamoDb } from './dynamodb.ts';

const ATTRIBUTE_NAME_MAX = 255;
const TTL_RULES = {
  types: {
    ...rulesOf('describeTimeToLive').types,
    TimeToLiveSpecification: {
      type: 'FieldStruct<TimeToLiveSpecification>',
      notNull: true,
      children: {
        AttributeName: {
          type: 'String',
          notNull: true,
          lengthGreaterThanOrEqual: 1,
          lengthLessThanOrEqual: ATTRIBUTE_NAME_MAX,
        },
        Enabled: { type: 'Boolean', notNull: true },
      },
    },
  },
};
const NO_PARTIQL = [
  'the twin does not run PartiQL: use GetItem, PutItem, UpdateItem, DeleteItem, Query or Scan',
  'with expressions instead',
].join(' ');

/** Time to live, tags, and what the twin answers to questions about limits and backups. */
export function tableSettingOperations(dynamodb: DynamoDb) {
  const { tables } = dynamodb;
  const refusePartiql = () => {
    throw validationError(NO_PARTIQL);
  };
  return {
    UpdateTimeToLive: (input: Input) => updateTimeToLive(dynamodb, input),
    DescribeTimeToLive: (input: Input) => {
      const table = tables.getNamed(String(checkInput(input, rulesOf('describeTimeToLive')).TableName));
      const { TimeToLive } = table.definition;
      const TimeToLiveDescription = TimeToLive?.Enabled
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: TimeToLive.AttributeName }
        : { TimeToLiveStatus: 'DISABLED' };
      return { TimeToLiveDescription };
    },
    TagResource: (input: Input) => {
      const table = tableOf(dynamodb, input);
      const tags = (input.Tags ?? []) as readonly Tag[];
      if (tags.length === 0) throw validationError('Atleast one Tag needs to be provided as Input.');
      const added = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
      table.definition.tags = { ...table.definition.tags, ...added };
      dynamodb.saveDefinition(table);
      return {};
    },
    UntagResource: (input: Input) => {
      const table = tableOf(dynamodb, input);
      const keys = (input.TagKeys ?? []) as readonly string[];
      if (keys.length === 0) throw validationError('Atleast one Tag Key needs to be provided as Input.');
      const kept = Object.entries(table.definition.tags).filter(([key]) => !keys.includes(key));
      table.definition.tags = Object.fromEntries(kept);
      dynamodb.saveDefinition(table);
      return {};
    },
    ListTagsOfResource: (input: Input) => {
      const { tags } = tableOf(dynamodb, input).definition;
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
    DescribeContinuousBackups: (input: Input) => {
      tables.getNamed(String(checkInput(input, rulesOf('describeTable')).TableName));
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
        },
      };
    },
    DescribeLimits: () => ({
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    }),
    ExecuteStatement: refusePartiql,
    BatchExecuteStatement: refusePartiql,
    ExecuteTransaction: refusePartiql,
  };
}

function updateTimeToLive(dynamodb: DynamoDb, input: Input): Record<string, unknown> {
  const data = checkInput(input, TTL_RULES);
  const table = dynamodb.tables.getNamed(String(data.TableName));
  const specification = data.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean };
  const current = table.definition.TimeToLive;
  if (specification.Enabled && current?.Enabled) {
    throw validationError(
      current.AttributeName === specification.AttributeName
        ? 'TimeToLive is already enabled'
        : `TimeToLive is active on a different AttributeName: current AttributeName is ${current.AttributeName}`,
    );
  }
  if (!specification.Enabled && !current?.Enabled) throw validationError('TimeToLive is already disabled');
  setTimeToLive(dynamodb, table, specification);
  return { TimeToLiveSpecification: specification };
}

/** Lets items of a table expire, or no longer. */
export function setTimeToLive(
  dynamodb: DynamoDb,
  table: Table,
  specification: { readonly AttributeName: string; readonly Enabled: boolean },
): void {
  table.definition.TimeToLive = specification;
  table.expireBy(specification.Enabled ? specification.AttributeName : undefined);
  dynamodb.saveDefinition(table);
}

function tableOf({ tables }: DynamoDb, { ResourceArn }: Input): Table {
  const arn = String(ResourceArn ?? '');
  if (!/^arn:aws:dynamodb:[^:]+:\d+:table\/[^/]{3,}/.test(arn)) {
    throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  }
  const table = tables.find(arn);
  if (table) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
}
