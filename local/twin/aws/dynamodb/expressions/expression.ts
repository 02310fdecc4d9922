import type { AttributeType, AttributeValue } from '../values/attribute-value.ts';

/** Names and list positions that lead to a value. */
export type DocumentPath = readonly (string | number)[];

/** Values of a request by their placeholders: `:limit`. */
export type Values = Readonly<Record<string, AttributeValue>>;

/** What stands beside an operator. Values are named, so that an expression is compiled once for all requests that use it. */
export type Operand =
  | { readonly kind: 'path'; readonly path: DocumentPath }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type ConditionFunction =
  | 'attribute_exists'
  | 'attribute_not_exists'
  | 'attribute_type'
  | 'begins_with'
  | 'contains';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly all: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly by: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: ConditionFunction; readonly args: readonly Operand[] };

/** What `SET` assigns. */
export type Assigned =
  | Operand
  | {
      readonly kind: 'plus' | 'minus' | 'if_not_exists' | 'list_append';
      readonly left: Assigned;
      readonly right: Assigned;
    };

export type UpdateAction =
  | { readonly kind: 'set'; readonly path: DocumentPath; readonly value: Assigned }
  | { readonly kind: 'remove'; readonly path: DocumentPath }
  | { readonly kind: 'add' | 'delete'; readonly path: DocumentPath; readonly value: string };

export interface Update {
  readonly actions: readonly UpdateAction[];
  readonly paths: readonly DocumentPath[];
}

export const KEY_OPERATORS = ['EQ', 'LT', 'LE', 'GT', 'GE', 'BETWEEN', 'BEGINS_WITH'] as const;
export type KeyOperator = (typeof KEY_OPERATORS)[number];

/** A condition of a query on one attribute of a key, with the names of its values. */
export interface KeyCondition {
  readonly operator: KeyOperator;
  readonly values: readonly string[];
}

/** A condition or filter, and the attributes that it starts from. */
export interface ConditionExpression {
  readonly condition: Condition;
  readonly heads: ReadonlySet<string>;
  /** Attributes that it looks into. */
  readonly nested: readonly string[];
}

export interface ProjectionExpression {
  readonly paths: readonly DocumentPath[];
  readonly nested: readonly string[];
}

/** Everything that a request says in expressions. */
export interface Expressions {
  readonly values: Values;
  readonly update?: Update & { readonly nested: readonly string[]; readonly types: ReadonlyMap<string, AttributeType> };
  readonly condition?: ConditionExpression;
  readonly keyConditions?: Readonly<Record<string, KeyCondition>>;
  readonly filter?: ConditionExpression;
  readonly projection?: ProjectionExpression;
}
