import { describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import { resourceLabels } from '../../../../local/twin/console/resource-labels.ts';

function declared(type: string, physicalId: string, path: string): ResolvedResource {
  return { logicalId: path, physicalId, stackName: 'Stack', type, path: `Stack/${path}`, properties: {}, metadata: {} };
}

describe('resourceLabels', () => {
  const labels = resourceLabels([
    declared('AWS::Lambda::Function', 'Stack-Feed-X', 'Api/Feed/Function/Resource'),
    declared('AWS::SQS::Queue', 'https://sqs.us-east-1.amazonaws.com/0/Stack-Work-X', 'Work/Resource'),
    declared('AWS::Kinesis::Stream', 'Stack-Events-X', 'Events/Resource'),
    declared('AWS::DynamoDB::GlobalTable', 'Stack-Posts-X', 'Tables/Posts/Resource'),
    declared('AWS::SNS::Topic', 'arn:aws:sns:us-east-1:0:Stack-News-X', 'News/Resource'),
    declared('AWS::Events::EventBus', 'Stack-Bus-X', 'Bus/Resource'),
    declared('AWS::EC2::VPC', 'vpc-1', 'Vpc/Resource'),
  ]);

  it.each([
    ['arn:aws:lambda:us-east-1:0:function:Stack-Feed-X', 'Api/Feed'],
    ['arn:aws:lambda:us-east-1:0:function:Stack-Feed-X:live', 'Api/Feed'],
    ['arn:aws:sqs:us-east-1:0:Stack-Work-X', 'Work'],
    ['arn:aws:kinesis:us-east-1:0:stream/Stack-Events-X', 'Events'],
    ['arn:aws:kinesis:us-east-1:0:stream/Stack-Events-X/consumer/c:1', 'Events'],
    ['arn:aws:dynamodb:us-east-1:0:table/Stack-Posts-X/stream/2026-11-22T00:00:00.000', 'Tables/Posts'],
    ['arn:aws:sns:us-east-1:0:Stack-News-X', 'News'],
    ['arn:aws:events:us-east-1:0:event-bus/Stack-Bus-X', 'Bus'],
  ])('knows %s as %s', (arn, label) => {
    expect(labels.ofArn(arn)).toBe(label);
  });

  it('keeps the name of what no template declares, and what is no ARN', () => {
    expect(labels.ofArn('arn:aws:sqs:us-east-1:0:made-by-a-call')).toBe('made-by-a-call');
    expect(labels.ofArn('ada@example.com')).toBe('ada@example.com');
    expect(labels.of('sns', 'Stack-Work-X')).toBe('Stack-Work-X');
  });
});
