import { Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type IAlarmAction, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventPattern, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { ControllerSpecInput } from '../../lambdas/contract/controller-spec.ts';
import { Env } from '../../lambdas/contract/environment.ts';
import type { ThrottledApi } from '../api/throttled-api.ts';
import { ServiceFunction } from '../compute/service-function.ts';
import type { Cache } from '../data/cache.ts';
import { addAlarms } from '../monitoring/add-alarms.ts';
import { SpillwayError } from '../spillway-error.ts';
import { fleetLimits } from './fleet-limits.ts';
import { knownNames } from './known-names.ts';
import type { LoadSignal } from './load-signal.ts';
import { watchedBacklogs } from './watched-backlogs.ts';

export interface AdmissionControllerProps {
  /** The API whose services it tells; all of them must have been added. */
  readonly api: ThrottledApi;
  /** The cache that admits the API's requests. */
  readonly cache: Cache;
  /** What tells of too much load, besides what the services measure themselves; at most 100. @default - nothing */
  readonly signals?: readonly LoadSignal[];
  /** Who is told when the controller fails, or was given levers that are invalid. */
  readonly action: IAlarmAction;
  /** How long logs, and with them the audit of the levers, are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** What becomes of the logs when the stack goes. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
  /** Where the handler is looked for. @default - this package's `lambdas` */
  readonly handlersDirectory?: string;
}

interface BreakerName {
  readonly service: string;
  readonly dependency: string;
}

const SIGNALS_MAX = 100;
/** A run that did not come to be is made up for by the next. */
const RUN_EVERY = Duration.minutes(1);
const NO_LEVERS = '{}';

/**
 * Tells all environments of an API by the minute what they cannot know by themselves: levers that an operator has set,
 * load that CloudWatch shows, and each admission shard's part of fleet-wide limits. A change of the levers, or of an alarm
 * of this stack, has it run at once.
 *
 * The levers are a parameter of Parameter Store with the value `{}` at first. A later deployment leaves an operator's value
 * alone: CloudFormation writes a parameter only when its template does, and this one never changes.
 */
export class AdmissionController extends Construct {
  readonly function: ServiceFunction;
  /** JSON `Levers`; `{}` lets the system decide. */
  readonly levers: StringParameter;

  constructor(scope: Construct, id: string, props: AdmissionControllerProps) {
    super(scope, id);
    const { api, cache, signals = [], action, ...options } = props;
    const { stackName } = Stack.of(this);
    const shards = this.shardsOf(api);
    if (signals.length > SIGNALS_MAX) {
      throw new SpillwayError(
        'too-many-signals',
        `admission controller: signals must be at most ${SIGNALS_MAX}, got ${signals.length}; name those that tell of load first`,
        this,
      );
    }

    this.refuseUnknownBreaker(api, signals);
    const backlogs = watchedBacklogs(api.routes);

    this.levers = new StringParameter(this, 'Levers', {
      // A name of its own for each stack, and one that can begin with neither `aws` nor `ssm`, which AWS refuses.
      parameterName: `/spillway/${stackName}/levers`,
      description: 'JSON: shedBelow, scale, breakers, reason; {} lets the system decide',
      stringValue: NO_LEVERS,
    });
    const spec: ControllerSpecInput = {
      shards,
      signals: signals.map((signal) => signal.spec),
      ...(backlogs.length > 0 && { backlogs: [...backlogs] }),
      fleetLimits: shards === 1 ? [] : [...fleetLimits(api.routes)],
      ...knownNames(api),
    };
    this.function = new ServiceFunction(this, 'Controller', {
      ...options,
      handler: 'workers/admission-controller',
      description: 'Tells all services the levers, the load that CloudWatch shows, and the shares of fleet-wide limits',
      cache,
      timeout: Duration.seconds(30),
      environment: {
        [Env.LEVERS_PARAMETER]: this.levers.parameterName,
        [Env.CONTROLLER]: Stack.of(this).toJsonString(spec),
      },
    });
    this.grantReads();
    this.runOnEvents(stackName);
    this.addAlarms(action);
  }

  /** Runs that failed. @default - the sum of each minute */
  metricErrors(): Metric {
    return this.function.function.metricErrors({ period: RUN_EVERY });
  }

  private shardsOf(api: ThrottledApi): number {
    const [first] = api.admission.values();
    if (first !== undefined) return first.shards;
    throw new SpillwayError(
      'api-without-services',
      'admission controller: the api has no services yet; add them before the controller',
      this,
    );
  }

  private refuseUnknownBreaker(api: ThrottledApi, signals: readonly LoadSignal[]): void {
    const breaker = ({ service, dependency }: BreakerName) => `'${dependency}' of '${service}'`;
    const known = [...api.admission].flatMap(([service, { dependencies = {} }]) =>
      Object.keys(dependencies).map((dependency) => breaker({ service, dependency })),
    );
    const named = signals.flatMap(({ spec }) => (spec.kind === 'breaker' ? [breaker(spec)] : []));
    const unknown = named.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    throw new SpillwayError(
      'unknown-dependency',
      `admission controller: signals must be about breakers that there are (${known.join(', ') || 'none'}), got ${unknown}; ` +
        "declare it in the service's dependencies",
      this,
    );
  }

  private grantReads(): void {
    this.function.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ssm:GetParameter', 'ssm:GetParameterHistory'],
        resources: [this.levers.parameterArn],
      }),
    );
    const { role } = this.function.function;
    if (!role) return;
    // Apart from the role's own policy, whose wildcard is acknowledged for other reasons.
    const policy = new Policy(this, 'MetricsPolicy', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] })],
    });
    Validations.of(policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'CloudWatch knows neither ARNs of metrics nor a condition on what is read. The controller sees numbers of the whole ' +
        'account, changes nothing there, and tells nobody any but those of its own signals.',
    });
  }

  private runOnEvents(stackName: string): void {
    const { alias } = this.function;
    alias.configureAsyncInvoke({ maxEventAge: RUN_EVERY, retryAttempts: 0 });
    const target = new LambdaFunction(alias, { maxEventAge: RUN_EVERY, retryAttempts: 0 });
    const rule = (id: string, eventPattern: EventPattern) =>
      new Rule(this, id, { description: 'Runs the admission controller', eventPattern, targets: [target] });
    new Rule(this, 'EveryMinute', {
      description: 'Runs the admission controller',
      schedule: Schedule.rate(RUN_EVERY),
      targets: [target],
    });
    rule('LeversChanged', {
      source: ['aws.ssm'],
      detailType: ['Parameter Store Change'],
      detail: { name: [this.levers.parameterName] },
    });
    // Alarms without a name of their own are called after their stack.
    rule('AlarmChanged', {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: `${stackName}-` }] },
    });
  }

  private addAlarms(action: IAlarmAction): void {
    const counted = (metricName: string) =>
      new Metric({
        namespace: 'Spillway',
        metricName,
        dimensionsMap: { service: this.function.function.functionName },
        statistic: Stats.SUM,
        period: RUN_EVERY,
      });
    const threeOfFive = { threshold: 1, evaluationPeriods: 5, datapointsToAlarm: 3 };
    addAlarms(this, action, [
      {
        id: 'Failing',
        description:
          'The admission controller fails: environments go on without signals, and after 10 minutes without levers; look for level ERROR in its log group.',
        metric: this.metricErrors(),
        ...threeOfFive,
      },
      {
        id: 'LeversInvalid',
        description: `The levers in ${this.levers.parameterName} are invalid, and those that were valid last are in force; the log of the admission controller says what is wrong.`,
        metric: counted('LeversInvalid'),
        threshold: 1,
      },
      {
        id: 'LeversUnknownName',
        description: `The levers in ${this.levers.parameterName} name policies or dependencies that the API does not have, and do nothing there; GET /api/limits lists them for administrators.`,
        metric: counted('LeversUnknownName'),
        threshold: 1,
      },
      {
        id: 'LeversUnavailable',
        description:
          'The admission controller cannot read the levers; those read last are in force. Its log has the error.',
        metric: counted('LeversUnavailable'),
        ...threeOfFive,
      },
      {
        id: 'SignalsUnavailable',
        description: 'The admission controller cannot ask CloudWatch for signals of load. Its log has the error.',
        metric: counted('SignalsUnavailable'),
        ...threeOfFive,
      },
    ]);
  }
}
