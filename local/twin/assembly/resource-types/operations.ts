import { type Attribute, arn } from '../resource-identity.ts';
import { namedArn, noEffect, ownId, type ResourceTypes } from './resource-type.ts';

const logGroupArn: Attribute = (resource) => arn(resource, 'logs', `log-group:${resource.name}:*`);
const alarmArn = namedArn('cloudwatch', 'alarm:');
const NO_ALARMS = 'alarms and dashboards need the metrics of an account';
const NO_LOGS = 'what functions print goes to the terminal and to the console';
const NO_SCALING = 'a laptop has nothing to scale out to';
const NO_ACCOUNT = 'housekeeping in an account, of which a laptop has none';

/** What watches and scales a stage in an account. */
export const OPERATIONS_TYPES: ResourceTypes = {
  'AWS::ApiGateway::Account': noEffect(NO_ACCOUNT, { attributes: { Id: ownId } }),
  'AWS::ApplicationAutoScaling::ScalableTarget': noEffect(NO_SCALING),
  'AWS::ApplicationAutoScaling::ScalingPolicy': noEffect(NO_SCALING, { name: 'PolicyName' }),
  'AWS::CDK::Metadata': noEffect(NO_ACCOUNT),
  'AWS::CloudWatch::Alarm': noEffect(NO_ALARMS, { name: 'AlarmName', attributes: { Arn: alarmArn } }),
  'AWS::CloudWatch::CompositeAlarm': noEffect(NO_ALARMS, { name: 'AlarmName', attributes: { Arn: alarmArn } }),
  'AWS::CloudWatch::Dashboard': noEffect(NO_ALARMS, { name: 'DashboardName' }),
  'AWS::Logs::LogGroup': noEffect(NO_LOGS, { name: 'LogGroupName', attributes: { Arn: logGroupArn } }),
  'AWS::Logs::LogStream': noEffect(NO_LOGS, { name: 'LogStreamName' }),
  'AWS::Logs::MetricFilter': noEffect(NO_LOGS, { name: 'FilterName' }),
  'AWS::Logs::QueryDefinition': noEffect(NO_LOGS, { name: 'Name' }),
  'AWS::Logs::ResourcePolicy': noEffect(NO_LOGS, { name: 'PolicyName' }),
  'Custom::LogRetention': noEffect(NO_ACCOUNT, { name: 'LogGroupName' }),
  'Custom::VpcRestrictDefaultSG': noEffect(NO_ACCOUNT),
};
