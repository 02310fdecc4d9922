import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addChecks } from '../../bin/add-checks.ts';
import { type AssembledStage, assembleStage } from '../../bin/assemble-stage.ts';
import { STAGES, selectStage } from '../../bin/stages.ts';
import { flaggedApp } from '../support/flagged-app.ts';
import { deadLetterFaults, type Templates, unreservedConsumers, visibilityFaults } from '../support/messaging-rules.ts';
import { type CloudTemplate, templateLines } from '../support/template-lines.ts';

/** Replacing one of these loses data, or what others hold on to; so their logical ids never change. */
const STATEFUL = {
  'AWS::DynamoDB::GlobalTable': [
    'TablesAccounts2D520C9A',
    'TablesAnalytics8C9AB49E',
    'TablesFollows8316CD87',
    'TablesIdempotency498FF680',
    'TablesNotifications29081F10',
    'TablesOutboxD51CD487',
    'TablesParked5678F203',
    'TablesPosts0238BDBA',
    'TablesSessions486350CB',
    'TablesTenantsE95A5149',
    'TablesVerificationKeys660673D8',
    'TablesVideosFCD9971E',
  ],
  'AWS::EC2::VPC': ['NetworkVpc7FB7348F'],
  'AWS::ElastiCache::ServerlessCache': ['Cache18F6EE16'],
  'AWS::ElastiCache::User': ['CacheUser72FA2B22'],
  'AWS::ElastiCache::UserGroup': ['CacheUserGroup978A79CF'],
  'AWS::Kinesis::Stream': ['Events948F067E'],
  'AWS::KinesisFirehose::DeliveryStream': ['EventArchiveDelivery163464B7'],
  'AWS::S3::Bucket': ['EventArchiveBucket396CA8FA', 'FailedRecordsBucket8BDE9169', 'MediaBucket4022EBBF'],
  'AWS::SQS::Queue': [
    'ActivityWorkDeadLettersEEBC657B',
    'ActivityWorkQueue6CA1B6A0',
    'FailedRecordsNoticesF7FAB9D2',
    'VideoWorkDeadLetters9B593EA4',
    'VideoWorkQueue26A0178E',
  ],
  'AWS::SecretsManager::Secret': ['CursorSecretABAE1358', 'SigningKey159D907F'],
};

/** Requests park for minutes beside the service that takes them up again; and what a topic could not deliver is no loss. */
const QUEUES_OF_SERVICES = /^(Api\w+Parking|AlarmsUndelivered)/;

/** Only in stages with a drill. */
const DRILL_TABLE = 'TablesDrill0CEA4323';

interface Synthesized extends AssembledStage {
  readonly app: App;
  readonly templates: Readonly<Record<'data' | 'service', CloudTemplate>>;
  /** The same by the names that stacks refer to each other by. */
  readonly byStackName: Templates;
  readonly reports: readonly { pluginName: string; conclusion: string; violations: unknown[] }[];
}

function synthesize(stageName: string): Synthesized {
  vi.stubEnv('CDK_VALIDATION', 'true');
  const app = flaggedApp();
  const stacks = assembleStage(app, stageName);
  addChecks(app);
  // Throws where the built-in validation or cdk-nag finds an error.
  const assembly = app.synth();
  const report = JSON.parse(readFileSync(join(assembly.directory, 'validation-report.json'), 'utf8'));
  const templateOf = (stack: Stack) => assembly.getStackByName(stack.stackName).template as CloudTemplate;
  const templates = { data: templateOf(stacks.data), service: templateOf(stacks.service) };
  const byStackName = { [stacks.data.stackName]: templates.data, [stacks.service.stackName]: templates.service };
  return { ...stacks, app, templates, byStackName, reports: report.pluginReports };
}

afterAll(() => vi.unstubAllEnvs());

function acknowledgments(app: App): { path: string; id: string; reason: string }[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ path: node.path, id, reason })),
  );
}

describe.each(Object.keys(STAGES))('the stage %s', (stageName) => {
  let stage: Synthesized;
  beforeAll(() => {
    stage = synthesize(stageName);
  });

  it('has no finding of cdk-nag or of the built-in validation, not even a warning', () => {
    expect(new AwsSolutionsChecks().validateScope(stage.app).violations).toEqual([]);
    expect(stage.reports.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });

  it('gives a reason that can be argued with for everything it acknowledges', () => {
    const all = acknowledgments(stage.app);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(({ reason }) => reason.trim().split(/\s+/).length < 8)).toEqual([]);
  });

  it('keeps the logical ids of all that has state', () => {
    const ids = Object.keys(STATEFUL).map((type) => [
      type,
      Object.entries(stage.templates.data.Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([id]) => id)
        .sort(),
    ]);
    const { 'AWS::DynamoDB::GlobalTable': tables, ...others } = STATEFUL;
    const expected = selectStage(stageName).stage.drill ? [...tables, DRILL_TABLE].sort() : tables;
    expect(Object.fromEntries(ids)).toEqual({ ...others, 'AWS::DynamoDB::GlobalTable': expected });
  });

  it('keeps all that has state in the data stack', () => {
    const stateful = Object.entries(stage.templates.service.Resources).filter(([, { Type }]) => Type in STATEFUL);
    expect(stateful.map(([id]) => id).filter((id) => !QUEUES_OF_SERVICES.test(id))).toEqual([]);
  });

  it('hides messages for as long as their worker may be at work', () => {
    expect(visibilityFaults(stage.byStackName)).toEqual([]);
  });

  it('leaves what fails, wherever it does, where an alarm with a runbook tells of it', () => {
    expect(deadLetterFaults(stage.byStackName)).toEqual([]);
  });

  it.runIf(stageName === 'prod')(
    'gives each consumer a reservation of its own, so that no backlog starves the API',
    () => {
      expect(unreservedConsumers(stage.byStackName)).toEqual([]);
    },
  );

  it('fits any account and Region, and needs no custom resource', () => {
    for (const { Resources } of Object.values(stage.templates)) {
      const types = Object.values(Resources).map(({ Type }) => Type);
      expect(
        types.filter((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource'),
      ).toEqual([]);
    }
    expect(JSON.stringify(stage.templates)).not.toMatch(/\b\d{12}\b|dummy1/);
    expect(stage.app.synth().manifest.missing ?? []).toEqual([]);
  });

  it('names nothing that CloudFormation could name', () => {
    const named = Object.entries({ ...stage.templates.data.Resources, ...stage.templates.service.Resources })
      .filter(([, { Properties = {} }]) =>
        [
          'FunctionName',
          'TableName',
          'QueueName',
          'TopicName',
          'LogGroupName',
          'AlarmName',
          'RoleName',
          'StreamName',
        ].some((name) => typeof Properties[name] === 'string'),
      )
      .map(([id]) => id);
    expect(named).toEqual([]);
  });
});

describe('assembleStage', () => {
  it('fails the synth of a stage with a finding that nobody acknowledged', () => {
    const app = flaggedApp();
    assembleStage(app, 'dev');
    addChecks(app);
    new Queue(new Stack(app, 'Careless'), 'Queue');
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
  });

  it('changes the templates of dev only on purpose', () => {
    const { data, service } = synthesize('dev').templates;
    expect([...templateLines(data), ...templateLines(service)]).toMatchSnapshot();
  });
});
