/** Tables as `CreateTable` and CloudFormation declare them: members have the names that AWS gives them. */
export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: string;
}

export interface Projection {
  readonly ProjectionType?: string;
  readonly NonKeyAttributes?: readonly string[];
}

export interface ProvisionedThroughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: Projection;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
}

export interface StreamSpecification {
  readonly StreamEnabled?: boolean;
  readonly StreamViewType?: string;
}

export interface TimeToLiveSpecification {
  readonly AttributeName: string;
  readonly Enabled: boolean;
}

/** What a table is, without its items. Has to survive JSON: it is what the database keeps. */
export interface TableDefinition {
  readonly TableName: string;
  readonly TableId: string;
  readonly createdMs: number;
  readonly KeySchema: readonly KeySchemaElement[];
  AttributeDefinitions: readonly AttributeDefinition[];
  GlobalSecondaryIndexes: readonly IndexDefinition[];
  readonly LocalSecondaryIndexes: readonly IndexDefinition[];
  BillingMode: string;
  ProvisionedThroughput: ProvisionedThroughput;
  TimeToLive?: TimeToLiveSpecification | undefined;
  /** The newest stream of the table; off where `isEnabled` is not. */
  stream?: { readonly label: string; readonly viewType: string; readonly isEnabled: boolean } | undefined;
  DeletionProtectionEnabled: boolean;
  TableClass?: string | undefined;
  tags: Readonly<Record<string, string>>;
}
