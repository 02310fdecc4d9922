import type { AwsService, Input } from '../aws-call.ts';
import type { QueueEntry, QueueStore } from './queue-store.ts';
import { invalidParameter, missingParameter, sqsError } from './sqs-error.ts';
import { requiredText, textList } from './sqs-input.ts';

interface Statement {
  readonly Sid?: string;
}
interface Policy {
  readonly Version: string;
  readonly Id: string;
  readonly Statement: readonly Statement[];
}

/** A policy that AddPermission makes has at most this many statements and actions in each. */
const STATEMENTS_MAX = 20;
const ACTIONS_MAX = 7;

/** AddPermission and RemovePermission, which are another way to write the attribute Policy. */
export function permissionOperations(store: QueueStore): AwsService {
  const queueOf = (input: Input): QueueEntry => store.byUrl(requiredText(input, 'QueueUrl'));
  return {
    AddPermission: (input) => {
      const entry = queueOf(input);
      const label = requiredText(input, 'Label');
      const accounts = textList(input, 'AWSAccountIds').map((account) => `arn:aws:iam::${account}:root`);
      const actions = textList(input, 'Actions').map((action) => `SQS:${action}`);
      if (accounts.length === 0) throw missingParameter('AWSAccountIds');
      if (actions.length === 0) throw missingParameter('Actions');
      const policy = policyOf(entry);
      if (policy.Statement.some(({ Sid }) => Sid === label)) {
        throw invalidParameter(label, 'Label', 'Already exists.');
      }
      if (policy.Statement.length >= STATEMENTS_MAX || actions.length > ACTIONS_MAX) {
        throw sqsError(
          'OverLimit',
          `${Math.max(actions.length, policy.Statement.length + 1)} permissions were found, maximum allowed is ${actions.length > ACTIONS_MAX ? ACTIONS_MAX : STATEMENTS_MAX}.`,
        );
      }
      const one = (list: readonly string[]): unknown => (list.length === 1 ? list[0] : list);
      const statement = {
        Sid: label,
        Effect: 'Allow',
        Principal: { AWS: one(accounts) },
        Action: one(actions),
        Resource: entry.arn,
      };
      write(store, entry, { ...policy, Statement: [...policy.Statement, statement] });
    },
    RemovePermission: (input) => {
      const entry = queueOf(input);
      const label = requiredText(input, 'Label');
      const policy = policyOf(entry);
      const rest = policy.Statement.filter(({ Sid }) => Sid !== label);
      if (rest.length === policy.Statement.length) {
        throw invalidParameter(label, 'Label', "can't find label.");
      }
      write(store, entry, { ...policy, Statement: rest });
    },
  };
}

function policyOf({ attributes, arn }: QueueEntry): Policy {
  const empty: Policy = { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
  if (attributes.Policy === undefined) return empty;
  const parsed = JSON.parse(attributes.Policy) as Partial<Policy>;
  return { ...empty, ...parsed, Statement: [parsed.Statement ?? []].flat() };
}

function write(store: QueueStore, entry: QueueEntry, policy: Policy): void {
  store.setAttributes(entry, { Policy: policy.Statement.length === 0 ? '' : JSON.stringify(policy) });
}
