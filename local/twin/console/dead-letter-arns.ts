import type { ResolvedResource } from '../assembly/resolved-resource.ts';

/**
 * ARNs of what takes dead letters: redrive policies of queues and subscriptions (`deadLetterTargetArn`), `DeadLetterConfig`
 * of functions, rules and schedules, and `OnFailure` of event sources and asynchronous invocations.
 */
export function deadLetterArns(resources: readonly ResolvedResource[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { properties } of resources) collect(properties, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const arn = targetOf(key, inner);
    if (arn === undefined) collect(inner, found);
    else found.add(arn);
  }
}

function targetOf(key: string, value: unknown): string | undefined {
  if (key === 'deadLetterTargetArn') return typeof value === 'string' ? value : undefined;
  if (key !== 'DeadLetterConfig' && key !== 'OnFailure') return undefined;
  const { Arn, TargetArn, Destination } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return [Arn, TargetArn, Destination].find((arn) => typeof arn === 'string') as string | undefined;
}
