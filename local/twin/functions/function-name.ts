/** `arn:…:function:name[:qualifier]`, `account:function:name[:qualifier]` or `name[:qualifier]`, in its parts. */
export interface FunctionName {
  readonly name: string;
  /** Version or alias; `undefined` for the unqualified function, which is `$LATEST`. */
  readonly qualifier: string | undefined;
}

/** Takes the name of a function apart, in whichever form it comes. */
export function parseFunctionName(arnOrName: string): FunctionName {
  const parts = arnOrName.split(':');
  const own = parts[0] === 'arn' ? parts.slice(6) : parts[1] === 'function' ? parts.slice(2) : parts;
  return { name: own[0] ?? arnOrName, qualifier: own[1] };
}
