import { valueAtPath } from './event-path.ts';
import type { BusEvent } from './event-store.ts';

/** How a target wants its input; at most one of the three. */
export interface InputSettings {
  /** JSON text, the same for every event. */
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

interface RuleIdentity {
  readonly arn: string;
  readonly name: string;
}

const PLACEHOLDER = /<([\w.-]+)>/g;

/** The JSON text that a target gets for an event. */
export function inputFor(event: BusEvent, settings: InputSettings, rule: RuleIdentity): string {
  const { Input, InputPath, InputTransformer } = settings;
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAtPath(event, InputPath) ?? null);
  if (InputTransformer === undefined) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  const values: Record<string, unknown> = {
    'aws.events.event': event,
    'aws.events.event.json': event,
    'aws.events.event.ingestion-time': event.time,
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
  };
  for (const [name, path] of Object.entries(InputPathsMap)) values[name] = valueAtPath(event, path);
  return fill(InputTemplate, values);
}

/**
 * Puts values into a template. Within quotes a text stands without quotes of its own, outside of them a value is JSON. A
 * variable that the event does not have leaves an empty text.
 */
function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  let filled = '';
  let isQuoted = false;
  let from = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const between = template.slice(from, match.index);
    filled += between;
    isQuoted = endsQuoted(between, isQuoted);
    from = match.index + match[0].length;
    const name = match[1] ?? '';
    // What is no variable is text, as in "a < b > c".
    if (!Object.hasOwn(values, name)) filled += match[0];
    else filled += isQuoted ? quotedText(values[name]) : JSON.stringify(values[name] ?? '');
  }
  const result = filled + template.slice(from);
  return isJson(result) ? result : JSON.stringify(result);
}

function quotedText(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

function endsQuoted(text: string, startsQuoted: boolean): boolean {
  let isQuoted = startsQuoted;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') isQuoted = !isQuoted;
  }
  return isQuoted;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
