import { invokedFunction } from '../../gateway/integrations/function-arn.ts';
import { GatewayTemplateError } from '../../gateway/template/gateway-template-error.ts';
import type { Properties } from '../../gateway/template/properties.ts';

const FUNCTION_ARN = /^arn:aws[\w-]*:lambda:[^:]+:\d+:function:.+$/;
const STAGE_VARIABLE = /\$\{stageVariables\.(\w+)\}/g;

type Variables = Readonly<Record<string, string>> | undefined;

/** A value that may name stage variables, `${stageVariables.name}`; the template is checked once, for every stage. */
export class StagedText {
  readonly text: string;
  readonly #byStage = new Map<Variables, string>();

  constructor(text: string) {
    this.text = text;
  }

  /** The value on a stage; a variable that the stage does not have stays empty. */
  on(variables: Variables): string {
    const known = this.#byStage.get(variables);
    if (known !== undefined) return known;
    const value = this.text.replace(STAGE_VARIABLE, (_, name: string) =>
      variables !== undefined && Object.hasOwn(variables, name) ? (variables[name] ?? '') : '',
    );
    this.#byStage.set(variables, value);
    return value;
  }
}

/** The function of an IntegrationUri or AuthorizerUri: its ARN, or the ARN inside of an invocation URI. */
export function functionOf(properties: Properties, name: string): StagedText {
  const uri = properties.text(name);
  const arn = invokedFunction(uri) ?? (FUNCTION_ARN.test(uri) ? uri : undefined);
  if (arn !== undefined) return new StagedText(arn);
  throw new GatewayTemplateError(
    properties.resource,
    `${name} must be the ARN or the invocation URI of a Lambda function, got ${uri}`,
  );
}
