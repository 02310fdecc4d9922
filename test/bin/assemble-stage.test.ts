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
import { type CloudTemplate, templateLines } from '../support/template-lines.ts';

/** Replacing one of these loses data, or what others hold on to; so their logical ids never change. */
const STATEFUL = {
  'AWS::DynamoDB::GlobalTable': [
    'TablesAccounts2D520C9A',
    'TablesFollows8316CD87',
    'TablesNotifications29081F10',
    'TablesParked5678F203',
    'TablesPosts0238BDBA',
    'TablesSessions486350CB',
    'TablesTenantsE95A5149',
    'TablesVerificationKeys660673D8',
  ],
  'AWS::EC2::VPC': ['NetworkVpc7FB7348F'],
  'AWS::ElastiCache::ServerlessCache': ['Cache18F6EE16'],
  'AWS::ElastiCache::User': ['CacheUser72FA2B22'],
  'AWS::ElastiCache::UserGroup': ['CacheUserGroup978A79CF'],
  'AWS::Kinesis::Stream': ['Events948F067E'],
  'AWS::SecretsManager::Secret': ['CursorSecretABAE1358', 'SigningKey159D907F'],
};

/** Only in stages with a drill. */
const DRILL_TABLE = 'TablesDrill0CEA4323';

interface Synthesized extends AssembledStage {
  readonly app: App;
  readonly templates: Readonly<Record<'data' | 'service', CloudTemplate>>;
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
  return { ...stacks, app, templates, reports: report.pluginReports };
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
    const types = Object.values(stage.templates.service.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type in STATEFUL)).toEqual([]);
  });

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
