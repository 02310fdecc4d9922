import { Logger } from '@aws-lambda-powertools/logger';

/** What the services need of a logger; Powertools' `Logger` is one. */
export type ServiceLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** JSON lines on standard output, each with the name of the service. */
export function createLogger(serviceName: string): ServiceLogger {
  return new Logger({ serviceName });
}
