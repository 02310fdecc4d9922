import AjvDraft04, { type AnySchemaObject } from 'ajv-draft-04';
import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import { Properties } from '../template/properties.ts';
import { validationErrorString } from './validation-error-string.ts';

/** Answers what is wrong with a parsed body, in API Gateway's words, or undefined. */
export type BodyModel = (data: unknown) => string | undefined;

/** Models that every API has from the start; both only ask for an object. */
const BUILT_IN = ['Empty', 'Error'];

/** How models refer to each other (developer guide, "Data models for REST APIs"). */
const modelUri = (apiId: string, name: string) => `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`;

/**
 * Compiles the API's models, JSON Schema draft 4, by name. Formats are not checked, nor are words that the draft does not
 * know refused: both as API Gateway does it.
 */
export function compileModels(resources: readonly ResolvedResource[], apiId: string): ReadonlyMap<string, BodyModel> {
  const ajv = new AjvDraft04.default({
    strict: false,
    allErrors: true,
    verbose: true,
    validateFormats: false,
    unicodeRegExp: false,
    logger: false,
  });
  const names = resources.map((resource) => {
    const properties = new Properties(resource);
    // `Ref` of a model is its name, whether the template gives it one or CloudFormation makes it up.
    const name = properties.optionalText('Name') ?? resource.physicalId;
    const schema = properties.json('Schema');
    if (typeof schema !== 'object' || schema === null) properties.fail('Schema', 'a JSON Schema');
    try {
      ajv.addSchema(schema as AnySchemaObject, modelUri(apiId, name));
    } catch (error) {
      throw unusable(resource, error);
    }
    return { resource, name };
  });
  for (const name of BUILT_IN) {
    if (!names.some((known) => known.name === name)) ajv.addSchema({ type: 'object' }, modelUri(apiId, name));
  }
  const declared = names.map(({ resource, name }) => [name, compile(name, resource)] as const);
  return new Map([...BUILT_IN.map((name) => [name, compile(name)] as const), ...declared]);

  function compile(name: string, resource?: ResolvedResource): BodyModel {
    try {
      const validate = ajv.getSchema(modelUri(apiId, name));
      if (validate === undefined) throw new Error('it cannot be compiled');
      return (data) => (validate(data) ? undefined : validationErrorString(validate.errors ?? []));
    } catch (error) {
      throw resource === undefined ? error : unusable(resource, error);
    }
  }
}

function unusable(resource: ResolvedResource, error: unknown): GatewayTemplateError {
  const reason = error instanceof Error ? error.message : String(error);
  return new GatewayTemplateError(resource, `Schema is no usable JSON Schema draft 4: ${reason}`, error);
}
