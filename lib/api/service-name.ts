import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';

/** A service's name becomes a construct's id, and with that part of its logical ids. */
const NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/**
 * Refuses a name that another service has, that says nothing, or that a part of the API itself goes by.
 * @throws SpillwayError
 */
export function validateServiceName(name: string, services: ReadonlyMap<string, unknown>, api: IConstruct): void {
  if (services.has(name)) {
    throw new SpillwayError('duplicate-service', `services must have different names, got '${name}' twice`, api);
  }
  if (!NAME.test(name)) {
    throw new SpillwayError(
      'invalid-service-name',
      `services must be named by letters and digits, 64 at most, beginning with a letter, got '${name}'`,
      api,
    );
  }
  if (api.node.tryFindChild(name) !== undefined) {
    throw new SpillwayError(
      'invalid-service-name',
      `services must not be named like a part of the API itself, got '${name}'; choose another name`,
      api,
    );
  }
}
