import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import {
  Alias,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ENVIRONMENT_MAX_BYTES, Env } from '../../lambdas/contract/environment.ts';
import type { Cache } from '../data/cache.ts';
import type { Network } from '../data/network.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration, validateMebibytes, validateNumber, validateWholeNumber } from '../validate.ts';
import { environmentBytes } from './environment-size.ts';
import { createFunctionRole } from './function-role.ts';
import { HANDLER_ENTRY, type HandlerRef, handlerCode } from './handler-code.ts';

const DESCRIPTION_MAX_LENGTH = 256;
/** Of a function that names no time-out. */
export const TIMEOUT_DEFAULT = Duration.seconds(10);

/** Environments kept warm, following use. */
export interface ProvisionedConcurrency {
  /** Fewest environments, at least 1; they are paid for also when idle. */
  readonly min: number;
  /** Most environments; beyond it calls start cold. */
  readonly max: number;
  /** Share of the warm environments in use that scaling aims at, 0.1 to 0.9. */
  readonly utilization: number;
}

export interface ServiceFunctionProps {
  /** The handler, by its folder below `lambdas/`. */
  readonly handler: HandlerRef;
  /** Where handlers are looked for. @default - this package's `lambdas` */
  readonly handlersDirectory?: string;
  /** What the function does, shown in the console: at most 256 characters. */
  readonly description: string;
  /** Memory, and with it CPU: 1,769 MiB is one whole core. @default Size.mebibytes(512) */
  readonly memory?: Size;
  /** Longest run of one invocation, at most 15 minutes. @default Duration.seconds(10) */
  readonly timeout?: Duration;
  /** Environment variables beyond those that the `useX` methods add. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** VPC to run in. @default - the cache's, or none without a cache */
  readonly network?: Network;
  /** What the function carries in the VPC besides, to be let in somewhere. @default - nothing more */
  readonly securityGroups?: readonly ISecurityGroup[];
  /** Cache that the function uses; it then runs in the cache's VPC. @default - no cache */
  readonly cache?: Cache;
  /**
   * Most invocations at a time, taken out of the account's pool. A function that may be switched off altogether is
   * switched off by removing it, not by a 0 here. All reservations together leave the account 100; how many it has, 1,000
   * by default, is not known here.
   * @default - bounded by the account alone
   */
  readonly reservedConcurrency?: number;
  /** Environments kept warm behind the alias. @default - none, calls may start cold */
  readonly provisionedConcurrency?: ProvisionedConcurrency;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** What becomes of the logs when the function goes. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/** Access to a table: these actions, on the table itself or, with `indexes`, on those indexes alone. */
export interface TableUse {
  /** Environment variable that receives the table's name. */
  readonly environment: string;
  /** IAM actions, such as `dynamodb:GetItem`; wildcards are refused. */
  readonly actions: readonly `dynamodb:${string}`[];
  /** Indexes that the actions are for, in place of the table. @default - the table itself */
  readonly indexes?: readonly string[];
}

/** Access to a stream. */
export interface StreamUse {
  /** Environment variable that receives the stream's name. */
  readonly environment: string;
  /** IAM actions, such as `kinesis:PutRecord`; wildcards are refused. */
  readonly actions: readonly `kinesis:${string}`[];
}

/** Access to a secret. */
export interface SecretUse {
  /** Environment variable that receives the secret's ARN. */
  readonly environment: string;
  /** IAM actions, such as `secretsmanager:GetSecretValue`; wildcards are refused. */
  readonly actions: readonly `secretsmanager:${string}`[];
}

/**
 * A Lambda function as this project runs them: Node 24 on ARM64 with a bundle of its own, called through the alias
 * `live`, logging JSON to a log group of its own, traced, and with a role that holds exactly what it was told to use.
 */
export class ServiceFunction extends Construct implements IGrantable {
  /** The handler, by its folder below `lambdas/`. */
  readonly handler: HandlerRef;
  readonly function: LambdaFunction;
  /** `live`: what callers invoke, so that a deployment switches them over at once and warm environments stay in use. */
  readonly alias: Alias;
  /** `undefined`: bounded by the account alone. */
  readonly reservedConcurrency: number | undefined;
  readonly grantPrincipal: IPrincipal;
  readonly logGroup: LogGroup;
  /** The VPC that it runs in, if any. */
  readonly network: Network | undefined;
  private readonly environment: Record<string, string> = {};

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    this.validateProps(props);
    this.handler = props.handler;
    this.reservedConcurrency = props.reservedConcurrency;
    this.network = props.network ?? props.cache?.network;
    if (props.cache && this.network !== props.cache.network) {
      throw new SpillwayError(
        'cache-out-of-reach',
        `function '${props.handler}': network is not the one its cache sits in; leave network out`,
        this,
      );
    }

    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    });
    const role = createFunctionRole(this, 'Role', {
      description: `Role of the function '${props.handler}'`,
      logGroup: this.logGroup,
      inVpc: this.network !== undefined,
    });
    this.grantPrincipal = role;

    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: handlerCode(this, props.handler, props.handlersDirectory),
      handler: HANDLER_ENTRY,
      description: props.description,
      memorySize: (props.memory ?? Size.mebibytes(512)).toMebibytes(),
      timeout: props.timeout ?? TIMEOUT_DEFAULT,
      role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(this.network && {
        vpc: this.network.vpc,
        vpcSubnets: this.network.subnets,
        securityGroups: [
          this.network.functionSecurityGroup,
          ...(props.cache ? [props.cache.clientSecurityGroup] : []),
          ...(props.securityGroups ?? []),
        ],
        ...(this.network.egress.kind === 'dual-stack' && { ipv6AllowedForDualStack: true }),
      }),
    });
    // The SDK keeps to IPv4-only endpoints otherwise, to which no route leads.
    if (this.network?.egress.kind === 'dual-stack') this.addEnvironment('AWS_USE_DUALSTACK_ENDPOINT', 'true');
    for (const [name, value] of Object.entries(props.environment ?? {})) this.addEnvironment(name, value);
    if (props.cache) this.useCache(props.cache);

    this.alias = this.addLiveAlias(props.provisionedConcurrency);
    this.node.addValidation({ validate: () => this.environmentFaults() });
  }

  /** Sets an environment variable. @throws SpillwayError if it is set to something else already */
  addEnvironment(name: string, value: string): void {
    const present = this.environment[name];
    if (present !== undefined && present !== value) {
      throw new SpillwayError(
        'environment-conflict',
        `environment variable ${name} is set twice: '${present}' and '${value}'; remove one`,
        this,
      );
    }
    this.environment[name] = value;
    this.function.addEnvironment(name, value);
  }

  hasEnvironment(name: string): boolean {
    return this.environment[name] !== undefined;
  }

  /** Permits exactly these actions on a table, or on its indexes, and tells the handler the table's name. */
  useTable(table: ITable, use: TableUse): void {
    const resources = use.indexes?.map((index) => `${table.tableArn}/index/${index}`) ?? [table.tableArn];
    this.use(use, table.tableName, resources);
  }

  /** Permits exactly these actions on a stream, and tells the handler its name. */
  useStream(stream: IStream, use: StreamUse): void {
    this.use(use, stream.streamName, [stream.streamArn]);
  }

  /** Permits exactly these actions on a secret, and tells the handler its ARN. */
  useSecret(secret: ISecret, use: SecretUse): void {
    this.use(use, secret.secretArn, [secret.secretArn]);
  }

  /** Permits to connect to the cache, and tells the handler where it is. The function must sit in the cache's VPC. */
  useCache(cache: Cache): void {
    if (this.network !== cache.network) {
      throw new SpillwayError(
        'cache-out-of-reach',
        'a function outside of the VPC cannot reach the cache; pass it as the prop `cache`',
        this,
      );
    }
    this.addEnvironment(Env.CACHE_URL, cache.url);
    this.addEnvironment(Env.CACHE_USER, cache.userName);
    this.addEnvironment(Env.CACHE_NAME, cache.cacheName);
    cache.grantConnect(this);
  }

  private use(use: TableUse | StreamUse | SecretUse, value: string, resources: string[]): void {
    const wildcard = use.actions.find((action) => action.includes('*'));
    if (wildcard !== undefined || use.actions.length === 0) {
      throw new SpillwayError(
        'inexact-actions',
        `${use.environment}: actions must be named one by one, got ${wildcard ? `'${wildcard}'` : 'none'}`,
        this,
      );
    }
    this.addEnvironment(use.environment, value);
    this.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: [...use.actions], resources }));
  }

  private addLiveAlias(provisioned: ProvisionedConcurrency | undefined): Alias {
    const alias = new Alias(this, 'Live', {
      aliasName: 'live',
      version: this.function.currentVersion,
      ...(provisioned && { provisionedConcurrentExecutions: provisioned.min }),
    });
    if (provisioned) {
      const { min, max, utilization } = provisioned;
      alias
        .addAutoScaling({ minCapacity: min, maxCapacity: max })
        .scaleOnUtilization({ utilizationTarget: utilization });
    }
    return alias;
  }

  private validateProps(props: ServiceFunctionProps): void {
    const subject = `function '${props.handler}'`;
    if (props.description.length > DESCRIPTION_MAX_LENGTH) {
      throw new SpillwayError(
        'invalid-description',
        `${subject}: description must have at most ${DESCRIPTION_MAX_LENGTH} characters, got ${props.description.length}`,
        this,
      );
    }
    validateMebibytes(`${subject}: memory`, props.memory, { min: 128, max: 10_240, scope: this });
    validateDuration(`${subject}: timeout`, props.timeout, {
      min: Duration.seconds(1),
      max: Duration.minutes(15),
      whole: 'seconds',
      scope: this,
    });
    validateWholeNumber(`${subject}: reservedConcurrency`, props.reservedConcurrency, {
      min: 1,
      hint: 'leave it out to be bounded by the account alone',
      scope: this,
    });
    const provisioned = props.provisionedConcurrency;
    if (!provisioned) return;
    const name = `${subject}: provisionedConcurrency`;
    validateWholeNumber(`${name}.min`, provisioned.min, {
      min: 1,
      hint: 'leave provisionedConcurrency out to start cold',
      scope: this,
    });
    validateWholeNumber(`${name}.max`, provisioned.max, {
      min: provisioned.min,
      ...(props.reservedConcurrency !== undefined && { max: props.reservedConcurrency }),
      hint: 'it lies between min and reservedConcurrency',
      scope: this,
    });
    validateNumber(`${name}.utilization`, provisioned.utilization, { min: 0.1, max: 0.9, scope: this });
  }

  private environmentFaults(): string[] {
    const bytes = environmentBytes(Stack.of(this), this.environment);
    if (bytes <= ENVIRONMENT_MAX_BYTES) return [];
    return [
      `function '${this.handler}': the environment must come to at most ${ENVIRONMENT_MAX_BYTES} bytes, got ${bytes}; ` +
        'split the service, or shorten names of routes, scopes and tiers',
    ];
  }
}
