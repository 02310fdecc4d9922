/** REST APIs give an integration 29 seconds, unless the method asks for less. */
export const INTEGRATION_TIMEOUT_MS = 29_000;

/** The value of a promise, or undefined when it takes longer than `ms`; what comes later is dropped. */
export function withinDeadline<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, undefined);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      end();
    };
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
