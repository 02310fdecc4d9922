import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Templates of an app, by the names of their stacks. */
export type Templates = Readonly<Record<string, Template>>;

interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a template holds
  readonly Properties?: any;
}

/** A resource, by its stack and logical id. */
interface Found {
  readonly path: string;
  readonly stack: string;
  readonly resource: Resource;
}

/** "Set the queue's visibility timeout to at least six times the function timeout" (Lambda developer guide, SQS). */
const VISIBILITY_FACTOR = 6;
const VISIBILITY_DEFAULT_SECONDS = 30;
const TIMEOUT_DEFAULT_SECONDS = 3;
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const QUEUE = 'AWS::SQS::Queue';
const STREAMS = [
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
];
const RUNBOOKS = resolve(import.meta.dirname, '../../docs/runbooks');

/** The sections of all runbooks, as `messaging.md#work-queue-depth`. */
export function runbookSections(): ReadonlySet<string> {
  const sections = readdirSync(RUNBOOKS).flatMap((file) => {
    const headings = readFileSync(join(RUNBOOKS, file), 'utf8').matchAll(/^#+ (.+)$/gm);
    return [...headings].map(([, heading = '']) => `${file}#${anchorOf(heading)}`);
  });
  return new Set(sections);
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

/** Mappings of queues whose messages come back while their function may still be at work on them. */
export function visibilityFaults(templates: Templates): string[] {
  const app = new AppTemplates(templates);
  return app.ofType(MAPPING).flatMap((mapping) => {
    const queue = app.follow(mapping, 'EventSourceArn');
    if (queue?.resource.Type !== QUEUE) return [];
    const { Timeout = TIMEOUT_DEFAULT_SECONDS } = app.functionOf(mapping)?.resource.Properties ?? {};
    const { VisibilityTimeout: got = VISIBILITY_DEFAULT_SECONDS } = queue.resource.Properties ?? {};
    const windowSeconds = mapping.resource.Properties.MaximumBatchingWindowInSeconds ?? 0;
    const wanted = VISIBILITY_FACTOR * Timeout + windowSeconds;
    return got >= wanted ? [] : [`${queue.path}: visible again after ${got} s, want ${wanted} s for ${mapping.path}`];
  });
}

/** Consumers without reserved concurrency: a backlog of theirs takes what others have not reserved. */
export function unreservedConsumers(templates: Templates): string[] {
  const app = new AppTemplates(templates);
  return app
    .ofType(MAPPING)
    .filter((mapping) => app.functionOf(mapping)?.resource.Properties.ReservedConcurrentExecutions === undefined)
    .map(({ path }) => path);
}

/**
 * Queues, subscriptions of topics and consumers of streams that have nowhere to leave what fails, or where nobody is told of
 * it, or is not told what to do: by an alarm that names a section there is.
 */
export function deadLetterFaults(templates: Templates, sections: ReadonlySet<string> = runbookSections()): string[] {
  const app = new AppTemplates(templates);
  const faults: string[] = [];
  /** Queues that hold what failed → what of. */
  const destinations = new Map<string, string>();
  const leave = (from: Found, to: Found | undefined): void => {
    if (to?.resource.Type === QUEUE) destinations.set(to.path, from.path);
    else faults.push(`${from.path}: has nowhere to leave what fails`);
  };

  for (const mapping of app.ofType(MAPPING)) {
    const source = app.follow(mapping, 'EventSourceArn');
    if (source === undefined || !STREAMS.includes(source.resource.Type)) continue;
    const destination = app.follow(mapping, 'DestinationConfig', 'OnFailure', 'Destination');
    const isBucket = destination?.resource.Type === 'AWS::S3::Bucket';
    leave(mapping, isBucket ? app.noticesOf(destination) : destination);
    const worker = app.functionOf(mapping);
    if (worker) faults.push(...app.alarmFaults(worker, 'FunctionName', 'IteratorAge', sections));
  }
  for (const subscription of app.ofType('AWS::SNS::Subscription')) {
    leave(subscription, app.follow(subscription, 'RedrivePolicy', 'deadLetterTargetArn'));
  }
  const queues = app.ofType(QUEUE);
  for (const queue of queues) {
    const target = app.follow(queue, 'RedrivePolicy', 'deadLetterTargetArn');
    if (target) leave(queue, target);
  }
  for (const queue of queues) {
    if (destinations.has(queue.path)) {
      faults.push(...app.alarmFaults(queue, 'QueueName', 'ApproximateNumberOfMessagesVisible', sections));
    } else if (queue.resource.Properties?.RedrivePolicy === undefined) {
      leave(queue, undefined);
    } else {
      faults.push(...app.alarmFaults(queue, 'QueueName', 'ApproximateAgeOfOldestMessage', sections));
    }
  }
  return faults;
}

/** Follows references, also from one stack to another. */
class AppTemplates {
  readonly #templates: Templates;

  constructor(templates: Templates) {
    this.#templates = templates;
  }

  ofType(type: string): Found[] {
    return Object.entries(this.#templates).flatMap(([stack, { Resources = {} }]) =>
      Object.entries(Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([id, resource]) => ({ path: `${stack}/${id}`, stack, resource })),
    );
  }

  /** The resource that a property refers to; `undefined` where there is none, or it refers to nothing. */
  follow({ stack, resource }: Found, ...path: readonly string[]): Found | undefined {
    const value = path.reduce((properties, name) => properties?.[name], resource.Properties);
    return this.#resolve(stack, value);
  }

  /** The function that a mapping calls, by its alias or by itself. */
  functionOf(mapping: Found): Found | undefined {
    const called = this.follow(mapping, 'FunctionName');
    return called?.resource.Type === 'AWS::Lambda::Alias' ? this.follow(called, 'FunctionName') : called;
  }

  /** The queue that is told of each object of a bucket. */
  noticesOf({ stack, resource }: Found): Found | undefined {
    const [told] = resource.Properties?.NotificationConfiguration?.QueueConfigurations ?? [];
    return this.#resolve(stack, told?.Queue);
  }

  /** What is wrong with the alarms of a resource by a metric: that there is none, or none with a runbook. */
  alarmFaults(target: Found, dimension: string, metric: string, sections: ReadonlySet<string>): string[] {
    const alarms = this.ofType('AWS::CloudWatch::Alarm').filter(({ stack, resource }) => {
      const { MetricName, Dimensions = [] } = resource.Properties;
      const [{ Name, Value } = { Name: '', Value: undefined }] = Dimensions;
      return MetricName === metric && Name === dimension && this.#resolve(stack, Value)?.path === target.path;
    });
    if (alarms.length === 0) return [`${target.path}: no alarm by ${metric}`];
    return alarms.flatMap(({ path, resource }) => {
      const named = /docs\/runbooks\/(\S+)/.exec(resource.Properties.AlarmDescription ?? '')?.[1];
      if (named === undefined) return [`${path}: names no runbook`];
      return sections.has(named) ? [] : [`${path}: there is no section docs/runbooks/${named}`];
    });
  }

  /** What a value refers to, however deep inside of it: the name of an alias is taken from its ARN. */
  #resolve(stack: string, value: unknown): Found | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const {
      Ref: reference,
      'Fn::GetAtt': attribute,
      'Fn::GetStackOutput': output,
    } = value as {
      readonly Ref?: string;
      readonly 'Fn::GetAtt'?: readonly [string, string];
      readonly 'Fn::GetStackOutput'?: { readonly StackName: string; readonly OutputName: string };
    };
    if (output) {
      const published = this.#templates[output.StackName]?.Outputs?.[output.OutputName];
      return this.#resolve(output.StackName, published?.Value);
    }
    const id = attribute?.[0] ?? reference;
    const resource = id === undefined ? undefined : this.#templates[stack]?.Resources?.[id];
    if (resource) return { path: `${stack}/${id}`, stack, resource };
    for (const part of Object.values(value)) {
      const found = this.#resolve(stack, part);
      if (found) return found;
    }
    return undefined;
  }
}
