import { format } from 'node:util';
import { LOG_LEVELS, type LogLevel, type LogSettings } from './environment-protocol.ts';

/** One entry as Lambda's Node.js runtime writes it: tab-separated text, or one JSON object. */
export function formatLogEntry(
  { format: kind }: LogSettings,
  level: LogLevel,
  requestId: string,
  atMs: number,
  message: unknown,
  ...parameters: readonly unknown[]
): string {
  const timestamp = new Date(atMs).toISOString();
  if (kind === 'Text') return `${timestamp}\t${requestId}\t${level}\t${format(message, ...parameters)}`;
  const entry: Record<string, unknown> = { timestamp, level, requestId };
  if (parameters.length === 0) return oneValue(entry, message);
  entry.message = format(message, ...parameters);
  const error = parameters.find((parameter) => parameter instanceof Error);
  return JSON.stringify(error ? { ...entry, ...describeError(error) } : entry);
}

/** A single value stays a value: objects can be searched by their fields. */
function oneValue(entry: Record<string, unknown>, message: unknown): string {
  try {
    return JSON.stringify({ ...entry, message }, (_, value: unknown) =>
      value instanceof Error ? { ...describeError(value), ...value } : value,
    );
  } catch {
    // A circle, or a bigint.
    return JSON.stringify({ ...entry, message: format(message) });
  }
}

function describeError(error: Error): Record<string, unknown> {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  };
}

/** Whether `ApplicationLogLevel` lets an entry through. */
export function isLogged({ format: kind, level: least }: LogSettings, level: LogLevel): boolean {
  return kind === 'Text' || LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
