import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addDrillService } from '../../../../lib/stacks/services/drill-service.ts';
import { routeNamed, stageContext } from '../../../support/stage-context.ts';

function createDrill() {
  const context = stageContext();
  addDrillService(context);
  return context;
}

describe('addDrillService', () => {
  const context = createDrill();

  it('offers work of every importance', () => {
    const priorities = context.api.routes.map(({ spec }) => `${spec.method} ${spec.path}: ${spec.priority}`);
    expect(priorities).toEqual(
      expect.arrayContaining([
        'POST /api/drill/checkout: critical-plus',
        'GET /api/drill/orders: undefined',
        'GET /api/drill/feed: sheddable-plus',
        'GET /api/drill/search: sheddable',
      ]),
    );
  });

  it('parks orders for five minutes, and takes them up one at a time', () => {
    expect(routeNamed(context, 'POST /api/drill/orders').spec).toMatchObject({
      priority: 'sheddable-plus',
      parkForSeconds: 300,
    });
    expect(context.api.admission.get('Drill')).toMatchObject({ parkedMax: 300 });
    const template = Template.fromStack(context.stack);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 4 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.resourcePropertiesCountIs(
      'AWS::CloudWatch::Alarm',
      { Namespace: 'AWS/SQS', AlarmActions: Match.anyValue() },
      2,
    );
  });

  it('does without the index while its breaker is open', () => {
    for (const name of ['GET /api/drill/feed', 'GET /api/drill/search']) {
      expect(routeNamed(context, name).spec.dependencies).toEqual([{ name: 'index', required: false }]);
    }
  });

  it('fails in a stage whose data has no table for it', () => {
    expect(() => addDrillService(stageContext({ drill: false }))).toThrow(
      "stage: drill needs the table 'drill', which DataStack makes for it [Service/Api]",
    );
  });
});
