import { type Attribute, arn } from '../resource-identity.ts';
import { namedArn, noEffect, ownId, type ResourceTypes } from './resource-type.ts';

const logGroupArn: Attribute = (resource) => arn(resource, 'logs', `log-group:${resource.name}:*`);
const alarmArn = namedArn('cloudwatch', 'alarm:');
const NO_ALARMS = 'alarms do not fire and dashboards are not drawn, though CloudWatch keeps the metrics';
const NO_LOGS = 'what functions print goes to the terminal and to the console';
const NO_DELIVERY = 'logs are not delivered anywhere: what reads them has nothing to do';
const NO_TRACES = 'traces are not collected';
const NO_BILL = 'a laptop costs nothing';
const NO_SCALING = 'a laptop has nothing to scale out to';
const NO_ACCOUNT = 'housekeeping in an account, of which a laptop has none';

/** What watches and scales a stage in an account. */
export const OPERATIONS_TYPES: ResourceTypes = {
  'AWS::ApiGateway::Account': noEffect(NO_ACCOUNT, { attributes: { Id: ownId } }),
  'AWS::ApplicationAutoScaling::ScalableTarget': noEffect(NO_SCALING),
  'AWS::ApplicationAutoScaling::ScalingPolicy': noEffect(NO_SCALING, { name: 'PolicyName' }),
  'AWS::Budgets::Budget': noEffect(NO_BILL),
  'AWS::Budgets::BudgetsAction': noEffect(NO_BILL),
  'AWS::CDK::Metadata': noEffect(NO_ACCOUNT),
  'AWS::CloudWatch::Alarm': noEffect(NO_ALARMS, { name: 'AlarmName', attributes: { Arn: alarmArn } }),
  'AWS::CloudWatch::AnomalyDetector': noEffect(NO_ALARMS),
  'AWS::CloudWatch::CompositeAlarm': noEffect(NO_ALARMS, { name: 'AlarmName', attributes: { Arn: alarmArn } }),
  'AWS::CloudWatch::Dashboard': noEffect(NO_ALARMS, { name: 'DashboardName' }),
  'AWS::CloudWatch::InsightRule': noEffect(NO_ALARMS, { name: 'RuleName' }),
  'AWS::CloudWatch::MetricStream': noEffect('metrics are not delivered anywhere', { name: 'Name' }),
  'AWS::Logs::AccountPolicy': noEffect(NO_LOGS, { name: 'PolicyName' }),
  'AWS::Logs::Delivery': noEffect(NO_DELIVERY),
  'AWS::Logs::DeliveryDestination': noEffect(NO_DELIVERY, { name: 'Name' }),
  'AWS::Logs::DeliverySource': noEffect(NO_DELIVERY, { name: 'Name' }),
  'AWS::Logs::Destination': noEffect(NO_DELIVERY, { name: 'DestinationName' }),
  'AWS::Logs::LogAnomalyDetector': noEffect(NO_ALARMS),
  'AWS::Logs::LogGroup': noEffect(NO_LOGS, { name: 'LogGroupName', attributes: { Arn: logGroupArn } }),
  'AWS::Logs::LogStream': noEffect(NO_LOGS, { name: 'LogStreamName' }),
  'AWS::Logs::MetricFilter': noEffect(NO_LOGS, { name: 'FilterName' }),
  'AWS::Logs::QueryDefinition': noEffect(NO_LOGS, { name: 'Name' }),
  'AWS::Logs::ResourcePolicy': noEffect(NO_LOGS, { name: 'PolicyName' }),
  'AWS::Logs::SubscriptionFilter': noEffect(NO_DELIVERY, { name: 'FilterName' }),
  'AWS::XRay::Group': noEffect(NO_TRACES, { name: 'GroupName' }),
  'AWS::XRay::ResourcePolicy': noEffect(NO_TRACES, { name: 'PolicyName' }),
  'AWS::XRay::SamplingRule': noEffect(NO_TRACES),
  'AWS::XRay::TransactionSearchConfig': noEffect(NO_TRACES),
  'Custom::LogRetention': noEffect(NO_ACCOUNT, { name: 'LogGroupName' }),
  'Custom::VpcRestrictDefaultSG': noEffect(NO_ACCOUNT),
};
