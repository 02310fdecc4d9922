import { Duration } from 'aws-cdk-lib';
import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { type IAlarmAction, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { validateDuration, validateNumber, validateWholeNumber } from '../validate.ts';
import { addAlarms } from './add-alarms.ts';

export interface ApiAlarmsProps {
  /** The API. Its metrics go by its name, so that must be unique in the account and Region. */
  readonly restApi: IRestApi;
  /** Stage to watch. */
  readonly stageName: string;
  /** Who is told. */
  readonly action: IAlarmAction;
  /** Share of requests answered 5xx that rings, above 0 up to 1, in 3 of 5 minutes. @default 0.01 */
  readonly serverErrorRatio?: number;
  /** Requests per minute below which the ratio says nothing. @default 20 */
  readonly minRequestsPerMinute?: number;
  /** 99th percentile of the latency that rings, in 3 of 5 minutes. @default Duration.seconds(2) */
  readonly latencyP99?: Duration;
}

const PERIOD = Duration.minutes(1);

/** Rings when too large a share of requests fails on our side, or when the slowest percent takes too long. */
export class ApiAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ApiAlarmsProps) {
    super(scope, id);
    const ratio = props.serverErrorRatio ?? 0.01;
    const minRequests = props.minRequestsPerMinute ?? 20;
    const latency = props.latencyP99 ?? Duration.seconds(2);
    validateNumber('alarms: serverErrorRatio', ratio, { min: 0.0001, max: 1, scope: this });
    validateWholeNumber('alarms: minRequestsPerMinute', minRequests, { min: 1, scope: this });
    // API Gateway itself gives up on an integration after 29 s.
    validateDuration('alarms: latencyP99', latency, {
      min: Duration.millis(1),
      max: Duration.seconds(29),
      scope: this,
    });

    const dimensionsMap = { ApiName: props.restApi.restApiName, Stage: props.stageName };
    const metric = (metricName: string, statistic: string) =>
      new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap, statistic, period: PERIOD });
    const threeOfFive = { evaluationPeriods: 5, datapointsToAlarm: 3 };
    addAlarms(this, props.action, [
      {
        id: 'ServerErrors',
        description: `${percent(ratio)} % or more of the requests were answered 5xx; the access log has the route, the function's log the error.`,
        // Few requests make any ratio: one failure at night is not one in a hundred.
        metric: new MathExpression({
          expression: `IF(requests >= ${minRequests}, errors / requests, 0)`,
          usingMetrics: { errors: metric('5XXError', Stats.SUM), requests: metric('Count', Stats.SUM) },
          label: '5xx ratio',
          period: PERIOD,
        }),
        threshold: ratio,
        ...threeOfFive,
      },
      {
        id: 'LatencyP99',
        description: `The slowest percent of requests took ${latency.toHumanString()} or longer; compare integration and authorizer latency in the access log.`,
        metric: metric('Latency', Stats.p(99)),
        threshold: latency.toMilliseconds(),
        ...threeOfFive,
      },
    ]);
  }
}

/** 0.07 × 100 is 7.000000000000001 in binary. */
function percent(ratio: number): number {
  return Number((ratio * 100).toPrecision(6));
}
