import { TwinError } from '../twin-error.ts';
import { cidrBlocks } from './cidr-blocks.ts';

/** `AWS::NoValue`: the property it stands for is as if it had not been written. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** What an intrinsic function may ask of the stack that it stands in. */
export interface IntrinsicScope {
  readonly region: string;
  ref(logicalId: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(name: string): Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  importValue(exportName: string): unknown;
  stackOutput(stackName: string, outputName: string): unknown;
}

type Intrinsic = (argument: unknown, scope: IntrinsicScope) => unknown;

/** Resolves every intrinsic function in a value, depth first. */
export function resolveValue(value: unknown, scope: IntrinsicScope): unknown {
  if (Array.isArray(value))
    return value.map((entry) => resolveValue(entry, scope)).filter((entry) => entry !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [name, argument] = only;
    const intrinsic = INTRINSICS[name];
    if (intrinsic) return intrinsic(argument, scope);
    if (name.startsWith('Fn::')) {
      throw new TwinError(
        'unknown-intrinsic',
        `the twin does not know the intrinsic function ${name}; it knows ${Object.keys(INTRINSICS).join(', ')}`,
      );
    }
  }
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, resolveValue(entry, scope)]).filter(([, entry]) => entry !== NO_VALUE),
  );
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(text('Ref', argument)),
  Condition: (argument, scope) => scope.condition(text('Condition', argument)),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId = '', ...attribute] = Array.isArray(argument) ? argument : String(argument).split('.');
    return scope.getAtt(String(logicalId), attribute.map((part) => String(resolveValue(part, scope))).join('.'));
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = pair('Fn::Join', argument);
    return list('Fn::Join', resolveValue(parts, scope)).map(scalar('Fn::Join')).join(text('Fn::Join', separator));
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Select': (argument, scope) => {
    const [index, entries] = pair('Fn::Select', argument);
    const values = list('Fn::Select', resolveValue(entries, scope));
    const position = Number(resolveValue(index, scope));
    if (!(position in values)) {
      throw new TwinError(
        'invalid-intrinsic',
        `Fn::Select: index ${position} is not one of a list of ${values.length}`,
      );
    }
    return values[position];
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = pair('Fn::Split', argument);
    return text('Fn::Split', resolveValue(source, scope)).split(text('Fn::Split', separator));
  },
  'Fn::If': (argument, scope) => {
    const [name, whenTrue, whenFalse] = list('Fn::If', argument);
    return resolveValue(scope.condition(text('Fn::If', name)) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = pair('Fn::Equals', argument);
    return JSON.stringify(resolveValue(left, scope)) === JSON.stringify(resolveValue(right, scope));
  },
  'Fn::And': (argument, scope) => list('Fn::And', argument).every((entry) => resolveValue(entry, scope) === true),
  'Fn::Or': (argument, scope) => list('Fn::Or', argument).some((entry) => resolveValue(entry, scope) === true),
  'Fn::Not': (argument, scope) => resolveValue(list('Fn::Not', argument)[0], scope) !== true,
  'Fn::FindInMap': (argument, scope) => findInMap(list('Fn::FindInMap', argument), scope),
  'Fn::ImportValue': (argument, scope) => scope.importValue(text('Fn::ImportValue', resolveValue(argument, scope))),
  // The weak form of a reference between stacks: no export is made, the output is read where it is needed.
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName, OutputName } = argument as { readonly StackName?: unknown; readonly OutputName?: unknown };
    return scope.stackOutput(
      text('Fn::GetStackOutput', resolveValue(StackName, scope)),
      text('Fn::GetStackOutput', resolveValue(OutputName, scope)),
    );
  },
  'Fn::Base64': (argument, scope) => Buffer.from(text('Fn::Base64', resolveValue(argument, scope))).toString('base64'),
  'Fn::Cidr': (argument, scope) => {
    const [block, count, hostBits = 8] = list('Fn::Cidr', resolveValue(argument, scope));
    return cidrBlocks(text('Fn::Cidr', block), Number(count), Number(hostBits));
  },
  'Fn::GetAZs': (argument, scope) => {
    const region = resolveValue(argument, scope) || scope.region;
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::Length': (argument, scope) => list('Fn::Length', resolveValue(argument, scope)).length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(resolveValue(argument, scope)),
};

function substitute(argument: unknown, scope: IntrinsicScope): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = (variables ?? {}) as Readonly<Record<string, unknown>>;
  return text('Fn::Sub', template).replaceAll(/\$\{([^}]*)\}/g, (_, expression: string) => {
    if (expression.startsWith('!')) return `\${${expression.slice(1)}}`;
    const name = expression.trim();
    if (Object.hasOwn(own, name)) return scalar('Fn::Sub')(resolveValue(own[name], scope));
    const dot = name.indexOf('.');
    const value = dot < 0 ? scope.ref(name) : scope.getAtt(name.slice(0, dot), name.slice(dot + 1));
    return scalar('Fn::Sub')(value);
  });
}

function findInMap(argument: readonly unknown[], scope: IntrinsicScope): unknown {
  const [name, first, second] = argument.slice(0, 3).map((part) => text('Fn::FindInMap', resolveValue(part, scope)));
  const value = scope.mapping(name ?? '')[first ?? '']?.[second ?? ''];
  if (value !== undefined) return value;
  const fallback = argument[3] as { readonly DefaultValue?: unknown } | undefined;
  if (fallback?.DefaultValue !== undefined) return resolveValue(fallback.DefaultValue, scope);
  throw new TwinError('unknown-mapping', `Fn::FindInMap: mapping '${name}' has no value for '${first}', '${second}'`);
}

function scalar(intrinsic: string): (value: unknown) => string {
  return (value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new TwinError('invalid-intrinsic', `${intrinsic}: expected a string or number, got ${JSON.stringify(value)}`);
  };
}

function text(intrinsic: string, value: unknown): string {
  return scalar(intrinsic)(value);
}

function list(intrinsic: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TwinError('invalid-intrinsic', `${intrinsic}: expected a list, got ${JSON.stringify(value)}`);
}

function pair(intrinsic: string, value: unknown): readonly [unknown, unknown] {
  const entries = list(intrinsic, value);
  if (entries.length === 2) return [entries[0], entries[1]];
  throw new TwinError('invalid-intrinsic', `${intrinsic}: expected two arguments, got ${JSON.stringify(value)}`);
}
