/** Renders one line of an access log. */
export type RenderLine<E> = (exchange: E) => string;
/** How to read a `$context` variable by its name; undefined where it has no value. */
export type VariableOf<E> = (name: string) => (exchange: E) => string | number | undefined;

/** A claim's or an authorizer's own name may have a hyphen or a colon; elsewhere they end the variable. */
const VARIABLE = /\$(?:\{context\.([\w.:-]+)\}|context\.((?:authorizer(?:\.claims)?\.[\w:-]*\w)|\w+(?:\.\w+)*))/g;

/** Compiles the format of a stage's access log. A variable without a value is `-`; in JSON, values are escaped. */
export function compileAccessLine<E>(format: string, variableOf: VariableOf<E>): RenderLine<E> {
  const isJson = format.trimStart().startsWith('{');
  const parts: RenderLine<E>[] = [];
  let end = 0;
  for (const match of format.matchAll(VARIABLE)) {
    const literal = format.slice(end, match.index);
    if (literal !== '') parts.push(() => literal);
    const read = variableOf(match[1] ?? match[2] ?? '');
    parts.push((exchange) => {
      const value = read(exchange) ?? '-';
      return isJson && typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value);
    });
    end = match.index + match[0].length;
  }
  const rest = format.slice(end);
  return (exchange) => {
    let line = '';
    for (const part of parts) line += part(exchange);
    return line + rest;
  };
}
