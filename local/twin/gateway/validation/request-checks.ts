import { parameterSource } from '../answer/parameter-source.ts';
import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Exchange } from '../exchange.ts';
import { mediaType } from '../request/media-types.ts';
import type { Check } from '../route.ts';
import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';
import type { BodyModel } from './models.ts';

const JSON_TYPE = 'application/json';

/** The checks that a method's request validator asks for, parameters before the body. */
export function requestChecks(
  method: Properties,
  validators: ReadonlyMap<string, Properties>,
  models: ReadonlyMap<string, BodyModel>,
): readonly Check[] {
  const id = method.optionalText('RequestValidatorId');
  if (id === undefined) return [];
  const validator = validators.get(id);
  if (validator === undefined) {
    throw new GatewayTemplateError(
      method.resource,
      `RequestValidatorId names no request validator of this API, got ${id}`,
    );
  }
  const checks: Check[] = [];
  if (validator.flag('ValidateRequestParameters')) checks.push(parametersCheck(method));
  if (validator.flag('ValidateRequestBody')) checks.push(bodyCheck(method, models));
  return checks;
}

function parametersCheck(method: Properties): Check {
  const required = [...method.map('RequestParameters')].flatMap(([expression, isRequired]) => {
    const read = expression.startsWith('method.request.') ? parameterSource(expression) : undefined;
    if (read === undefined) method.fail('RequestParameters', 'names such as method.request.querystring.limit');
    return isRequired === true || isRequired === 'true'
      ? [{ name: expression.split('.').slice(3).join('.'), read }]
      : [];
  });
  return (exchange) => {
    const missing = required.filter(({ read }) => (read(exchange) ?? '') === '').map(({ name }) => name);
    if (missing.length === 0) return undefined;
    const message = `Missing required request parameters: [${missing.join(', ')}]`;
    return refuse('BAD_REQUEST_PARAMETERS', message, { message, validationError: message });
  };
}

/** A content type that the method has no model for is not validated: developer guide, "Request validation". */
function bodyCheck(method: Properties, models: ReadonlyMap<string, BodyModel>): Check {
  const byType = new Map(
    [...method.textMap('RequestModels')].map(([type, name]) => {
      const model = models.get(name);
      if (model !== undefined) return [type.toLowerCase(), model] as const;
      throw new GatewayTemplateError(method.resource, `RequestModels names no model of this API, got ${name}`);
    }),
  );
  return (exchange) => {
    const type = mediaType(exchange.request.headers.byLowerName.get('content-type')) ?? JSON_TYPE;
    const model = byType.get(type) ?? byType.get('$default');
    return model === undefined ? undefined : checkBody(exchange, model);
  };
}

function checkBody({ body }: Exchange, model: BodyModel): Refusal | undefined {
  let data: unknown;
  try {
    // A missing body is validated like an empty object.
    data = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    return badBody('[the body is not valid JSON]');
  }
  const fault = model(data);
  return fault === undefined ? undefined : badBody(fault);
}

function badBody(fault: string): Refusal {
  return refuse('BAD_REQUEST_BODY', `the body does not match its model: ${fault}`, { validationError: fault });
}
