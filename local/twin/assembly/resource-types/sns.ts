import { namedArn, noEffect, ownName, type ResourceTypes } from './resource-type.ts';

const topicArn = namedArn('sns', '');
const NOT_RUN = 'topics are not run';

export const SNS_TYPES: ResourceTypes = {
  'AWS::SNS::Subscription': noEffect(NOT_RUN),
  'AWS::SNS::Topic': noEffect(NOT_RUN, {
    name: 'TopicName',
    ref: topicArn,
    attributes: { TopicArn: topicArn, TopicName: ownName },
  }),
  'AWS::SNS::TopicPolicy': noEffect(NOT_RUN),
};
