import { type Attribute, arn } from '../resource-identity.ts';
import { honoured, ignored, withoutEffect } from '../support.ts';
import { namedArn, noEffect, ownName, type ResourceTypes, runs } from './resource-type.ts';

/** Name of a rule's bus, which the template may give as an ARN; `undefined` for the default one. */
function ownBus(busName: unknown): string | undefined {
  if (busName === undefined) return undefined;
  const name = String(busName).slice(String(busName).lastIndexOf('/') + 1);
  return name === 'default' ? undefined : name;
}

/** `<bus>|<rule>` on a bus of one's own. */
const ruleRef: Attribute = (resource) => {
  const bus = ownBus(resource.property('EventBusName'));
  return bus === undefined ? resource.name : `${bus}|${resource.name}`;
};
const ruleArn: Attribute = (resource) => {
  const bus = ownBus(resource.property('EventBusName'));
  return arn(resource, 'events', `rule/${bus === undefined ? '' : `${bus}/`}${resource.name}`);
};
const scheduleArn: Attribute = (resource) =>
  arn(resource, 'scheduler', `schedule/${String(resource.property('GroupName') ?? 'default')}/${resource.name}`);
const CREATED = '2026-01-01T00:00:00.000Z';

export const EVENTS_TYPES: ResourceTypes = {
  'AWS::Events::EventBus': runs({
    name: 'Name',
    ref: ownName,
    attributes: { Arn: namedArn('events', 'event-bus/'), Name: ownName, Policy: () => '{}' },
    properties: {
      ...honoured('Name', 'Policy'),
      ...ignored(
        'a bus delivers to rules of this twin alone, which have dead-letter queues of their own',
        'DeadLetterConfig',
      ),
      ...ignored('the events of partners do not reach a laptop', 'EventSourceName'),
      ...ignored('the twin says in its own log what it cannot deliver', 'LogConfig'),
      ...withoutEffect('Description', 'KmsKeyIdentifier', 'Tags'),
    },
  }),
  'AWS::Events::EventBusPolicy': runs({
    ref: ownName,
    properties: honoured('Action', 'Condition', 'EventBusName', 'Principal', 'Statement', 'StatementId'),
  }),
  // Targets are functions, queues, topics, streams and event buses; a notice names each other one.
  'AWS::Events::Rule': runs({
    name: 'Name',
    ref: ruleRef,
    attributes: { Arn: ruleArn, RuleName: ownName },
    properties: {
      ...honoured('EventBusName', 'EventPattern', 'Name', 'RoleArn', 'ScheduleExpression', 'State', 'Targets'),
      ...withoutEffect('Description', 'Tags'),
    },
  }),
  'AWS::Scheduler::Schedule': runs({
    name: 'Name',
    ref: ownName,
    attributes: { Arn: scheduleArn },
    properties: {
      // A flexible window is used at its beginning.
      ...honoured('EndDate', 'FlexibleTimeWindow', 'GroupName', 'Name', 'ScheduleExpression'),
      ...honoured('ScheduleExpressionTimezone', 'StartDate', 'State', 'Target'),
      ...withoutEffect('Description', 'KmsKeyArn'),
    },
  }),
  'AWS::Scheduler::ScheduleGroup': noEffect('a group only names schedules', {
    name: 'Name',
    attributes: {
      Arn: namedArn('scheduler', 'schedule-group/'),
      CreationDate: () => CREATED,
      LastModificationDate: () => CREATED,
      State: () => 'ACTIVE',
    },
  }),
};
