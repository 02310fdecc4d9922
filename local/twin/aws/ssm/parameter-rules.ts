import { AwsError } from '../aws-error.ts';

/** Parameter Store's limits; API reference, PutParameter. */
const STANDARD_MAX = 4_096;
const ADVANCED_MAX = 8_192;
const NAME_MAX = 1_011;
const LEVELS_MAX = 15;
const NAME_RULE =
  'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, ' +
  'numbers and the following 3 symbols .-_';

export function invalidParameterRequest(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** @throws AwsError where AWS would not take the name for a new parameter. */
export function checkName(name: string): void {
  if (name.length > NAME_MAX) {
    throw invalidParameterRequest(`Parameter name: must have at most ${NAME_MAX} characters, got ${name.length}.`);
  }
  if (/^\/?aws/i.test(name)) {
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (/^\/?ssm/i.test(name)) {
    throw invalidParameterRequest(`Parameter name: can't be prefixed with "ssm" (case-insensitive). ${NAME_RULE}`);
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw invalidParameterRequest('Parameter name must be a fully qualified name.');
  }
  if (!/^[a-zA-Z0-9._/-]+$/.test(name)) {
    throw invalidParameterRequest(`Parameter name: can't be ${JSON.stringify(name)}. ${NAME_RULE}`);
  }
  if (name.split('/').length - 1 > LEVELS_MAX) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${LEVELS_MAX} levels, got ${name.split('/').length - 1} in ${name}.`,
    );
  }
}

/** @throws AwsError where the path of GetParametersByPath is none. */
export function checkPath(path: string): void {
  if (/^\/(?:[a-zA-Z0-9._-]+\/?)*$/.test(path)) return;
  throw invalidParameterRequest(
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". ' +
      'It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following ' +
      `symbols: . (period), - (hyphen), _ (underscore). Got ${JSON.stringify(path)}.`,
  );
}

/** @throws AwsError where the value is empty, too long for its tier, or not of the allowed pattern. */
export function checkValue(value: string, tier: string, allowedPattern: string | undefined): void {
  const bytes = Buffer.byteLength(value);
  if (tier === 'Standard' && bytes > STANDARD_MAX) {
    throw invalidParameterRequest(
      `Standard tier parameters support a maximum parameter value of ${STANDARD_MAX} characters. To create a larger parameter ` +
        'value, upgrade the parameter to use the advanced-parameter tier.',
    );
  }
  if (bytes > ADVANCED_MAX) {
    throw invalidParameterRequest(
      `Advanced tier parameters support a maximum parameter value of ${ADVANCED_MAX} characters.`,
    );
  }
  if (allowedPattern === undefined) return;
  if (!patternOf(allowedPattern).test(value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
  }
}

function patternOf(allowedPattern: string): RegExp {
  try {
    return new RegExp(`^(?:${allowedPattern})$`);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      `The allowedPattern ${allowedPattern} is no regular expression.`,
    );
  }
}

/** A label starts with neither a digit nor `aws` or `ssm`. */
export function isLabel(label: string): boolean {
  return /^[a-zA-Z_.-][a-zA-Z0-9_.-]{0,99}$/.test(label) && !/^(?:aws|ssm)/i.test(label);
}
