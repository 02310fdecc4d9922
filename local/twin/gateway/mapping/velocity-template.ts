import { Compile, Helper, parse } from 'velocityjs';
import { callMethod } from './java-methods.ts';
import { printValue } from './print-value.ts';

type Tree = ReturnType<typeof parse>;
type Reference = Parameters<typeof Helper.getRefText>[0];
export type Variables = Record<string, unknown>;

/** Strings in double quotes are templates of their own; a template that builds them at run time must not fill the memory. */
const MAX_STRINGS = 256;
const METHODS = [
  {
    uid: 'java',
    match: () => true,
    resolve: ({ context, property, params }: { context: unknown; property: string; params: unknown[] }) =>
      callMethod(context, property, params),
  },
];

/**
 * Velocity as API Gateway runs it: what hangs on a known variable and is not there is empty, while a variable that does
 * not exist stands as it is written. Unlike in Velocity 1.7, the empty string and 0 count as false in `#if`.
 */
class Rendering extends Compile {
  readonly #strings: Map<string, Tree>;

  constructor(tree: Tree, strings: Map<string, Tree>) {
    super(tree, { customMethodHandlers: METHODS });
    this.#strings = strings;
  }

  protected override getReferences(ast: Reference, isVal?: boolean): string {
    const value: unknown = super.getReferences(ast as Parameters<Compile['getReferences']>[0], false);
    if (!isVal) return value as string;
    if (value !== undefined && value !== null) return printValue(value);
    const { id, leader } = ast as { id?: string; leader?: string };
    const known = value === null || leader === '$!' || (id !== undefined && Object.hasOwn(this.context, id));
    return known ? '' : Helper.getRefText(ast);
  }

  protected override evalStr(text: string): string {
    let tree = this.#strings.get(text);
    if (tree === undefined) {
      tree = parse(text);
      if (this.#strings.size < MAX_STRINGS) this.#strings.set(text, tree);
    }
    return this.renderAstList(tree, this.contextId);
  }
}

/** A mapping template, parsed once. */
export interface VelocityTemplate {
  /** Whether the text speaks of `$context`, which is dear to build. */
  readonly usesContext: boolean;
  /** Variables are changed in place by `#set`. Throws what a method of the template threw. */
  render(variables: Variables): string;
}

/** @throws Error with the parser's words where the text is no template. */
export function parseVelocity(text: string): VelocityTemplate {
  const strings = new Map<string, Tree>();
  if (!/[$#]/.test(text)) return { usesContext: false, render: () => text };
  const tree = parse(text);
  return {
    usesContext: text.includes('context'),
    render: (variables) => new Rendering(tree, strings).render(variables),
  };
}
