import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { Tables as Schemas } from '../../lambdas/contract/tables.ts';

export interface TablesProps {
  /** What becomes of the tables when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether deleting a table is refused until this is switched off. */
  readonly deletionProtection: boolean;
  /** Whether there is a table for the drill service. @default false */
  readonly drill?: boolean;
}

interface Schema {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly ttl?: string;
}

/**
 * The tables whose keys `lambdas/contract/tables.ts` declares: one per aggregate, on demand, restorable to any second
 * of the last 35 days, encrypted with the account's DynamoDB key, with only the indexes that an access pattern needs.
 * None has a physical name, so that CloudFormation can replace one and two stages can share an account.
 */
export class Tables extends Construct {
  readonly accounts: TableV2;
  readonly sessions: TableV2;
  readonly verificationKeys: TableV2;
  readonly tenants: TableV2;
  readonly posts: TableV2;
  readonly follows: TableV2;
  readonly notifications: TableV2;
  readonly parked: TableV2;
  /** With a stream of what is written to it. */
  readonly outbox: TableV2;
  readonly idempotency: TableV2;
  readonly videos: TableV2;
  readonly analytics: TableV2;
  /** Only where it was asked for. */
  readonly drill: TableV2 | undefined;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    const { byFollowee } = Schemas.follows;
    const { byViews } = Schemas.analytics;

    this.accounts = this.addTable('Accounts', Schemas.accounts, props);
    this.sessions = this.addTable('Sessions', Schemas.sessions, props);
    this.verificationKeys = this.addTable('VerificationKeys', Schemas.verificationKeys, props);
    this.tenants = this.addTable('Tenants', Schemas.tenants, props);
    this.posts = this.addTable('Posts', Schemas.posts, props);
    this.follows = this.addTable('Follows', Schemas.follows, props, {
      globalSecondaryIndexes: [
        {
          indexName: byFollowee.indexName,
          partitionKey: text(byFollowee.partitionKey),
          sortKey: text(byFollowee.sortKey),
          // Who follows somebody is all that it is asked; everything else would be written twice for nothing.
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.notifications = this.addTable('Notifications', Schemas.notifications, props);
    this.parked = this.addTable('Parked', Schemas.parked, props);
    this.outbox = this.addTable('Outbox', Schemas.outbox, props, { dynamoStream: StreamViewType.NEW_IMAGE });
    this.idempotency = this.addTable('Idempotency', Schemas.idempotency, props);
    this.videos = this.addTable('Videos', Schemas.videos, props);
    this.analytics = this.addTable('Analytics', Schemas.analytics, props, {
      globalSecondaryIndexes: [
        {
          indexName: byViews.indexName,
          partitionKey: text(byViews.partitionKey),
          // The only one that is no string.
          sortKey: { name: byViews.sortKey, type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.drill = props.drill ? this.addTable('Drill', Schemas.drill, props) : undefined;
  }

  private addTable(
    id: string,
    schema: Schema,
    { removalPolicy, deletionProtection }: TablesProps,
    options: Pick<TablePropsV2, 'dynamoStream' | 'globalSecondaryIndexes'> = {},
  ): TableV2 {
    return new TableV2(this, id, {
      partitionKey: text(schema.partitionKey),
      ...(schema.sortKey !== undefined && { sortKey: text(schema.sortKey) }),
      ...(schema.ttl !== undefined && { timeToLiveAttribute: schema.ttl }),
      ...options,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
      deletionProtection,
    });
  }
}

/** All keys are strings: identifiers are, and times sort as ULIDs. */
function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
