import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/**
 * Has every synth of an app fail on what cdk-nag's AwsSolutions rules find and nobody has acknowledged with a reason. The
 * CDK's own validation of the templates is there without being asked for.
 */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
