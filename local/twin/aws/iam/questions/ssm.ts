import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { ANY, type Ask, contextOf, each, member, type ServiceQuestions, texts } from '../question.ts';

/**
 * ARN of a parameter: a name that starts with a slash is not given another. A version or label after the name
 * (`/db/user:3`) is no part of it; of an ARN, the seventh part is that selector.
 */
function parameterArn(name: string, { arn }: Names): string {
  if (name.startsWith('arn:')) return name.split(':').slice(0, 6).join(':');
  const [path = ''] = name.split(':');
  return arn('ssm', `parameter${path.startsWith('/') ? '' : '/'}${path}`);
}

const byName = (input: Input, names: Names): string => parameterArn(member(input, 'Name'), names);

const byNames =
  (operation: string): Ask =>
  (input, names) =>
    texts(input, 'Names').map((name) => ({ action: `ssm:${operation}`, resource: parameterArn(name, names) }));

/** A path is asked about without the slash at its end; the root is `parameter/`. */
const byPath: Ask = (input, names) => {
  const path = member(input, 'Path').replace(/(?<=.)\/$/, '');
  return [
    {
      action: 'ssm:GetParametersByPath',
      resource: parameterArn(path, names),
      context: contextOf({ 'ssm:recursive': () => String(input.Recursive === true) }),
    },
  ];
};

export const SSM_QUESTIONS: ServiceQuestions = {
  ...each('ssm', ['DescribeParameters'], ANY),
  ...each(
    'ssm',
    ['DeleteParameter', 'GetParameter', 'GetParameterHistory', 'LabelParameterVersion', 'UnlabelParameterVersion'],
    byName,
  ),
  ...each('ssm', ['PutParameter'], byName, (input) =>
    contextOf({ 'ssm:overwrite': () => String(input.Overwrite === true) }),
  ),
  ...each('ssm', ['AddTagsToResource', 'ListTagsForResource', 'RemoveTagsFromResource'], (input, names) =>
    parameterArn(member(input, 'ResourceId'), names),
  ),
  DeleteParameters: byNames('DeleteParameters'),
  GetParameters: byNames('GetParameters'),
  GetParametersByPath: byPath,
};
