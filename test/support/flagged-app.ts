import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';

const ROOT = resolve(import.meta.dirname, '../..');
const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

/** Handlers that bundle at once, so that tests of constructs do not wait for the real services. */
export const FIXTURE_HANDLERS = join(ROOT, 'test/fixtures/handlers');

/** The admission controller's, likewise. */
export const CONTROLLER_HANDLERS = join(ROOT, 'test/fixtures/controller-handlers');

/** Those that set up brokers, likewise. */
export const BROKER_HANDLERS = join(ROOT, 'test/fixtures/broker-handlers');

/** An app with the feature flags of cdk.json, as the CLI would start it. */
export function flaggedApp(): App {
  return new App({ context });
}

/**
 * An empty stack in an app of its own. The built-in template validation, which takes most of a small synth's time, is
 * left to the test of whole stages.
 */
export function flaggedStack(id = 'Stack'): Stack {
  return new Stack(new App({ context: { ...context, '@aws-cdk/core:validateAgainstDefaultRules': false } }), id);
}
