/**
 * What the twin does with a property: it honours it; the property has no effect on one machine (a name, a tag, encryption);
 * the twin ignores it with a notice; or it refuses the template, since ignoring it would mislead.
 */
export type Support =
  | { readonly kind: 'honoured' | 'no-effect' }
  | { readonly kind: 'ignored' | 'refused'; readonly why: string };

/** Property → support. What is not in it is refused as unknown. */
export type SupportTable = Readonly<Record<string, Support>>;

function each(names: readonly string[], support: Support): SupportTable {
  return Object.fromEntries(names.map((name) => [name, support]));
}

export function honoured(...names: string[]): SupportTable {
  return each(names, { kind: 'honoured' });
}

export function withoutEffect(...names: string[]): SupportTable {
  return each(names, { kind: 'no-effect' });
}

/** @param why clause that ends the sentence "… is ignored: …". */
export function ignored(why: string, ...names: string[]): SupportTable {
  return each(names, { kind: 'ignored', why });
}

/** @param why clause that ends the sentence "the twin does not support …: …", with what to do instead. */
export function refused(why: string, ...names: string[]): SupportTable {
  return each(names, { kind: 'refused', why });
}
