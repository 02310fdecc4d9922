import { ANY, each, member, type ServiceQuestions } from '../question.ts';

export const FIREHOSE_QUESTIONS: ServiceQuestions = {
  ...each('firehose', ['ListDeliveryStreams'], ANY),
  ...each('firehose', ['DescribeDeliveryStream', 'PutRecord', 'PutRecordBatch'], (input, { arn }) =>
    arn('firehose', `deliverystream/${member(input, 'DeliveryStreamName')}`),
  ),
};
