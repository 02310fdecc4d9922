import { STATUS_CODES } from 'node:http';
import { PROBLEM_CONTENT_TYPE, type Problem, problemType } from '../contract/problem.ts';
import type { Reply } from './exchange.ts';

/** What a problem says. */
export interface ProblemOptions {
  readonly code: string;
  readonly statusCode: number;
  readonly detail?: string | undefined;
  readonly requestId: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem, such as the limits that were violated. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An error as callers see it (RFC 9457). */
export function problemReply(options: ProblemOptions): Reply {
  const { code, statusCode, detail, requestId, headers, extensions } = options;
  const problem: Problem = {
    ...extensions,
    type: problemType(code),
    title: STATUS_CODES[statusCode] ?? 'Error',
    status: statusCode,
    ...(detail === undefined ? {} : { detail }),
    ...(requestId === undefined ? {} : { instance: requestId }),
  };
  return { statusCode, headers: { ...headers, 'Content-Type': PROBLEM_CONTENT_TYPE }, body: JSON.stringify(problem) };
}
