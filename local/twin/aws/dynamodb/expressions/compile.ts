import { validationError } from '../dynamodb-error.ts';
import { dynalite } from '../input/dynalite.ts';
import { type AttributeType, type AttributeValue, typeOf } from '../values/attribute-value.ts';
import { compareValues } from './compare-values.ts';
import type {
  Assigned,
  Comparator,
  Condition,
  ConditionExpression,
  ConditionFunction,
  DocumentPath,
  Expressions,
  KeyCondition,
  KeyOperator,
  Operand,
  UpdateAction,
  Values,
} from './expression.ts';

/** The members of a request that hold expressions, with their placeholders. */
export interface ExpressionTexts {
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Values | undefined;
}

const EXPRESSIONS = [
  'UpdateExpression',
  'ConditionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
] as const;
/** Limit of an expression: 4 KB. */
const EXPRESSION_BYTES_MAX = 4096;
/** Programs write the same few expressions over and over; whoever builds them from data must not fill the memory. */
const CACHED_MAX = 2000;

type Compiled = Omit<Expressions, 'values'> & { readonly ranges: readonly (readonly [string, string])[] };
const cache = new Map<string, Compiled>();

/**
 * Parses the expressions of a request; the same texts with values of the same types are parsed once.
 *
 * @returns the sentence that says what is wrong with them.
 */
export function compileExpressions(texts: ExpressionTexts): Expressions | string {
  const values = texts.ExpressionAttributeValues ?? {};
  const key = cacheKey(texts, values);
  const cached = cache.get(key);
  if (cached?.ranges.every(([low, high]) => isRange(values[low], values[high]))) return { ...cached, values };
  const compiled = parse(texts, values);
  if (typeof compiled === 'string') return compiled;
  if (cache.size >= CACHED_MAX) cache.clear();
  cache.set(key, compiled);
  return { ...compiled, values };
}

function cacheKey(texts: ExpressionTexts, values: Values): string {
  let key = '';
  let namesTypes = false;
  for (const name of EXPRESSIONS) {
    const text = texts[name];
    if (text === undefined) {
      key += '\n';
      continue;
    }
    if (text.length > EXPRESSION_BYTES_MAX / 4) checkLength(name, text);
    key += `${text.length} ${text}\n`;
    namesTypes ||= text.includes('attribute_type');
  }
  const names = texts.ExpressionAttributeNames;
  for (const name in names) key += `${name}=${names[name]?.length} ${names[name]}\n`;
  for (const name in values) {
    const value = values[name] ?? {};
    // The name of a type is checked when the expression is parsed.
    key += `${name}=${typeOf(value)} ${namesTypes ? (value.S ?? '') : ''}\n`;
  }
  return key;
}

function checkLength(name: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= EXPRESSION_BYTES_MAX) return;
  throw validationError(
    `Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
  );
}

function isRange(low: AttributeValue | undefined, high: AttributeValue | undefined): boolean {
  return low !== undefined && high !== undefined && (compareValues(low, high) ?? 1) <= 0;
}

interface Parsed {
  readonly _updates?: { readonly sections: readonly ParsedSection[]; readonly nestedPaths: object };
  readonly _condition?: ParsedCondition;
  readonly _keyCondition?: ParsedCondition;
  readonly _filter?: ParsedCondition;
  readonly _projection?: { readonly paths: readonly DocumentPath[]; readonly nestedPaths: object };
}

interface ParsedCondition {
  readonly expression: ParsedNode;
  readonly nestedPaths: object;
  readonly pathHeads: object;
}

interface ParsedNode {
  readonly type?: string;
  readonly name?: string;
  readonly args?: readonly ParsedNode[];
}

interface ParsedSection {
  readonly type: 'set' | 'remove' | 'add' | 'delete';
  readonly path: DocumentPath;
  readonly val: ParsedNode;
  readonly attrType?: AttributeType;
}

interface ParsedKeyCondition {
  readonly ComparisonOperator: KeyOperator;
  readonly AttributeValueList: readonly object[];
}

function parse(texts: ExpressionTexts, values: Values): Compiled | string {
  const data = { ...texts };
  const message = dynalite.validateExpressions(data);
  if (message) return message;
  const { _updates, _condition, _keyCondition, _filter, _projection } = data as Parsed;
  const reader = new NodeReader(values);
  let keyConditions: Record<string, KeyCondition> | undefined;
  if (_keyCondition) {
    const converted = dynalite.convertKeyCondition(_keyCondition.expression);
    if (typeof converted === 'string') return converted;
    keyConditions = {};
    for (const [name, condition] of Object.entries(converted as Record<string, ParsedKeyCondition>)) {
      const named = condition.AttributeValueList.map((value) => reader.nameOf(value));
      keyConditions[name] = { operator: condition.ComparisonOperator, values: named };
    }
  }
  const conditionOf = ({ expression, nestedPaths, pathHeads }: ParsedCondition): ConditionExpression => ({
    condition: reader.condition(expression),
    heads: new Set(Object.keys(pathHeads)),
    nested: Object.keys(nestedPaths),
  });
  return {
    ...(_updates && {
      update: {
        actions: _updates.sections.map((section) => reader.action(section)),
        paths: _updates.sections.map(({ path }) => path),
        nested: Object.keys(_updates.nestedPaths),
        types: new Map(
          _updates.sections.flatMap(({ path, attrType }) =>
            path.length === 1 && attrType ? [[String(path[0]), attrType] as const] : [],
          ),
        ),
      },
    }),
    ...(_condition && { condition: conditionOf(_condition) }),
    ...(keyConditions && { keyConditions }),
    ...(_filter && { filter: conditionOf(_filter) }),
    ...(_projection && {
      projection: { paths: _projection.paths, nested: Object.keys(_projection.nestedPaths) },
    }),
    ranges: reader.ranges,
  };
}

/** Turns what dynalite's parsers yield into expressions: the parsers put the values themselves where they stand. */
class NodeReader {
  readonly #names: ReadonlyMap<object, string>;
  /** Values that the parser has found in order, as it does where both bounds are values. */
  readonly ranges: [string, string][] = [];

  constructor(values: Values) {
    this.#names = new Map(Object.entries(values).map(([name, value]) => [value, name]));
  }

  nameOf(value: object): string {
    return this.#names.get(value) ?? '';
  }

  condition(node: ParsedNode): Condition {
    const { type = '', name = '', args = [] } = node;
    if (type === 'and' || type === 'or') return { kind: type, all: args.map((arg) => this.condition(arg)) };
    const [first = {}, second = {}, third = {}] = args;
    if (type === 'not') return { kind: 'not', condition: this.condition(first) };
    if (type === 'function') {
      return { kind: 'function', name: name as ConditionFunction, args: args.map((arg) => this.operand(arg)) };
    }
    const operand = this.operand(first);
    if (type === 'in') return { kind: 'in', operand, list: args.slice(1).map((arg) => this.operand(arg)) };
    if (type !== 'between')
      return { kind: 'compare', by: type as Comparator, left: operand, right: this.operand(second) };
    const [low, high] = [this.operand(second), this.operand(third)];
    if (low.kind === 'value' && high.kind === 'value') this.ranges.push([low.name, high.name]);
    return { kind: 'between', operand, low, high };
  }

  operand(node: ParsedNode): Operand {
    if (Array.isArray(node)) return { kind: 'path', path: node as DocumentPath };
    if (node.type === 'function') return { kind: 'size', of: this.operand(node.args?.[0] ?? {}) };
    return { kind: 'value', name: this.nameOf(node) };
  }

  action({ type, path, val }: ParsedSection): UpdateAction {
    if (type === 'remove') return { kind: 'remove', path };
    if (type === 'set') return { kind: 'set', path, value: this.#assigned(val) };
    return { kind: type, path, value: this.nameOf(val) };
  }

  #assigned(node: ParsedNode): Assigned {
    const { type, name, args = [] } = node;
    if (Array.isArray(node) || type === undefined) return this.operand(node);
    const kind = type === 'add' ? 'plus' : type === 'subtract' ? 'minus' : (name as 'if_not_exists' | 'list_append');
    return { kind, left: this.#assigned(args[0] ?? {}), right: this.#assigned(args[1] ?? {}) };
  }
}
