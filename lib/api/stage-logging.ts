import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface StageLoggingProps {
  /** @default RetentionDays.ONE_MONTH */
  readonly retention?: RetentionDays;
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/** Where a stage writes: one line per request, and the gateway's own errors. */
export class StageLogging extends Construct {
  readonly accessLog: LogGroup;
  private readonly retention: RetentionDays;
  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: StageLoggingProps) {
    super(scope, id);
    this.retention = props.retention ?? RetentionDays.ONE_MONTH;
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;
    this.accessLog = new LogGroup(this, 'Access', {
      retention: this.retention,
      removalPolicy: this.removalPolicy,
    });
  }

  /**
   * API Gateway makes the group of its execution log by itself and keeps it for ever, unless a group of that very name
   * is there before. The name holds the API's id, so no two APIs collide.
   */
  addExecutionLog(restApiId: string, stageName: string): LogGroup {
    return new LogGroup(this, 'Execution', {
      logGroupName: `API-Gateway-Execution-Logs_${restApiId}/${stageName}`,
      retention: this.retention,
      removalPolicy: this.removalPolicy,
    });
  }
}
