import type { Exchange } from '../exchange.ts';
import { contextVariable } from './context-variables.ts';

/** Fills a template in for one request. */
export type Render = (exchange: Exchange) => string;

export interface TemplateOptions {
  /** What stands for a variable without a value: `-` in access logs, nothing in bodies. */
  readonly missing: string;
  /**
   * Whether the template is JSON: what a variable puts in is then escaped so that it can stand inside a string.
   * `$context.error.messageString` brings its own quotes, and is `null` where there is no message.
   */
  readonly json: boolean;
}

/** A name of the authorizer's context may have a hyphen; elsewhere a hyphen ends the variable. */
const VARIABLE =
  /\$(?:\{(context\.[\w.-]+|stageVariables\.\w+)\}|(context\.authorizer\.[\w-]*\w|context(?:\.\w+)+|stageVariables\.\w+))/;

const MESSAGE_STRING = 'context.error.messageString';

/** Splits a template into text and variables once. There is no template language in it: only variables are replaced. */
export function compileTemplate(text: string, { missing, json }: TemplateOptions): Render {
  const parts: Render[] = [];
  let rest = text;
  for (let match = VARIABLE.exec(rest); match !== null; match = VARIABLE.exec(rest)) {
    const literal = rest.slice(0, match.index);
    if (literal !== '') parts.push(() => literal);
    parts.push(compileVariable(match[1] ?? match[2] ?? '', { missing, json }));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== '') parts.push(() => rest);
  return (exchange) => {
    let result = '';
    for (const part of parts) result += part(exchange);
    return result;
  };
}

function compileVariable(name: string, { missing, json }: TemplateOptions): Render {
  if (name === MESSAGE_STRING) {
    return ({ refusal }) => (refusal === undefined ? missing : JSON.stringify(refusal.message));
  }
  const read = variable(name);
  return (exchange) => {
    const value = read(exchange) ?? missing;
    return json && typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value);
  };
}

/** A variable by its full name, `context.requestId` or `stageVariables.url`. */
export function variable(name: string): (exchange: Exchange) => string | number | null | undefined {
  const dot = name.indexOf('.');
  const key = name.slice(dot + 1);
  if (name.startsWith('context.')) return contextVariable(key);
  return ({ api }) =>
    api.stageVariables && Object.hasOwn(api.stageVariables, key) ? api.stageVariables[key] : undefined;
}
