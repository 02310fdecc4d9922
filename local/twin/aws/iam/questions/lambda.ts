import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { ANY, type Ask, each, member, type ServiceQuestions } from '../question.ts';

/** ARN of a function, with its qualifier if the call has one; it may be named by ARN, by `account:function:name` or by name. */
export function functionArn(name: string, qualifier: string, { arn }: Names): string {
  const parts = name.split(':');
  const at = parts.lastIndexOf('function');
  const [own = '', given = ''] = at >= 0 ? parts.slice(at + 1) : parts;
  const version = qualifier || given;
  return arn('lambda', `function:${own}${version === '' ? '' : `:${version}`}`);
}

const functionOf = (input: Input, names: Names): string =>
  functionArn(member(input, 'FunctionName'), member(input, 'Qualifier'), names);

const invoke: Ask = (input, names) => [{ action: 'lambda:InvokeFunction', resource: functionOf(input, names) }];

export const LAMBDA_QUESTIONS: ServiceQuestions = {
  ...each('lambda', ['GetAccountSettings', 'ListEventSourceMappings', 'ListFunctions'], ANY),
  ...each(
    'lambda',
    [
      'AddPermission',
      'GetAlias',
      'GetFunction',
      'GetFunctionConcurrency',
      'GetFunctionConfiguration',
      'GetFunctionEventInvokeConfig',
      'GetPolicy',
      'ListAliases',
      'ListTags',
      'ListVersionsByFunction',
      'PutFunctionConcurrency',
      'RemovePermission',
      'UpdateFunctionConfiguration',
    ],
    functionOf,
  ),
  Invoke: invoke,
  InvokeAsync: (input, names) => [{ action: 'lambda:InvokeAsync', resource: functionOf(input, names) }],
  InvokeWithResponseStream: invoke,
};
