import type { AwsCall, Input } from '../aws-call.ts';
import type { Context } from './model/context.ts';
import type { Names } from './names.ts';

/** One permission that a call needs. */
export interface Question {
  /** `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or `*` where the action is about no resource. */
  readonly resource: string;
  /** How AWS names the resource when it refuses. @default - the resource */
  readonly shown?: string;
  /** The service's own condition keys, in lower case. */
  readonly context?: Context;
}

/** What an operation asks of IAM; nothing where everybody may call it. */
export type Ask = (input: Input, names: Names, call: AwsCall) => readonly Question[];

/** Operation → what it asks. */
export type ServiceQuestions = Readonly<Record<string, Ask>>;

/** Operations that ask for the action of their own name, on the resource that `resource` finds. */
export function each(
  service: string,
  operations: readonly string[],
  resource: (input: Input, names: Names, call: AwsCall) => string,
  context?: (input: Input) => Context,
): ServiceQuestions {
  return Object.fromEntries(
    operations.map((operation): [string, Ask] => {
      const action = `${service}:${operation}`;
      return [
        operation,
        (input, names, call) => [
          { action, resource: resource(input, names, call), ...(context && { context: lazily(() => context(input)) }) },
        ],
      ];
    }),
  );
}

/** Resource of an action that is about no resource. */
export const ANY = (): string => '*';

/** A member as text; empty where it is none, so that a malformed call is refused by its service, not by IAM. */
export function member(input: Input, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}

/** A value that should be an object; empty where it is none. */
export function objectOf(value: unknown): Input {
  return typeof value === 'object' && value !== null ? (value as Input) : {};
}

/** A member that is a list of objects. */
export function entries(input: Input, name: string): readonly Input[] {
  const value = input[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

/** A member that is a list of texts. */
export function texts(input: Input, name: string): readonly string[] {
  const value = input[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Condition keys by name in lower case; what is `undefined` the request does not have. */
export function contextOf(keys: Readonly<Record<string, () => string | readonly string[] | undefined>>): Context {
  return (key) => (Object.hasOwn(keys, key) ? keys[key]?.() : undefined);
}

/** Keys that are put together when the first is asked for: most decisions need none. */
export function lazily(create: () => Context): Context {
  let context: Context | undefined;
  return (key) => {
    context ??= create();
    return context(key);
  };
}

/** Each question once. */
export function distinct(questions: readonly Question[]): readonly Question[] {
  const seen = new Set<string>();
  return questions.filter(({ action, resource }) => {
    const key = `${action} ${resource}`;
    return !seen.has(key) && seen.add(key);
  });
}
