import * as v from 'valibot';
import { Levers } from '../../contract/controls.ts';

/** Levers, or a sentence that says what is wrong with the text. */
export type ParsedLevers =
  | { readonly levers: Levers; readonly problem?: undefined }
  | { readonly levers?: undefined; readonly problem: string };

const DROPPED_NAME = /"(?:__proto__|prototype|constructor)"\s*:/;

const LeversText = v.pipe(
  v.string(),
  // As a name the schema would drop it without a word, and with it what the operator wanted.
  v.check((text) => !DROPPED_NAME.test(text), 'nothing may be called __proto__, prototype or constructor'),
  v.parseJson(),
  // A list without elements would pass for an object without members.
  v.check((value) => !Array.isArray(value), 'Invalid type: Expected Object but received Array'),
  Levers,
);

/** Reads what an operator wrote. */
export function parseLevers(text: string): ParsedLevers {
  const result = v.safeParse(LeversText, text, { abortEarly: true });
  if (result.success) return { levers: result.output };
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  return { problem: path === null ? issue.message : `${path}: ${issue.message}` };
}
