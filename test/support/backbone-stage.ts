import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { addChecks } from '../../bin/add-checks.ts';
import { STAGES } from '../../bin/stages.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { ServiceStack } from '../../lib/stacks/service-stack.ts';
import type { StageProps } from '../../lib/stacks/stage-props.ts';
import { flaggedApp } from './flagged-app.ts';

/** The dev stage with what it is given, and what cdk-nag and the validation of the CDK say of it. */
export function synthesizeStage(overrides: Partial<StageProps>) {
  const app = flaggedApp();
  const stage: StageProps = { ...STAGES.dev, ...overrides };
  const data = new DataStack(app, 'Data', { stageName: 'dev', stage });
  const service = new ServiceStack(app, 'Service', { stageName: 'dev', stage, data });
  addChecks(app);
  // Throws where either finds an error.
  const { directory } = app.synth();
  const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as {
    readonly pluginReports: readonly { readonly violations: readonly unknown[] }[];
  };
  return {
    data: Template.fromStack(data),
    service: Template.fromStack(service),
    plugins: report.pluginReports.length,
    violations: report.pluginReports.flatMap(({ violations }) => violations),
  };
}
