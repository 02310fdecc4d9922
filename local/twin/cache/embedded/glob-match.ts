/** Whether a key matches a pattern of KEYS and SCAN: `*`, `?`, `[a-z]`, `[^a]`, and `\` before a literal character. */
export function globMatch(pattern: string, text: string): boolean {
  return new RegExp(`^${toExpression(pattern)}$`, 's').test(text);
}

function toExpression(pattern: string): string {
  let expression = '';
  let index = 0;
  while (index < pattern.length) {
    const character = pattern.charAt(index);
    const end = character === '[' ? pattern.indexOf(']', index + 1) : -1;
    if (end !== -1) {
      expression += toCharacterClass(pattern.slice(index + 1, end));
      index = end + 1;
      continue;
    }
    if (character === '*') expression += '.*';
    else if (character === '?') expression += '.';
    else if (character === '\\' && index + 1 < pattern.length) expression += literal(pattern.charAt(++index));
    else expression += literal(character);
    index += 1;
  }
  // Runs of stars mean the same as one, and would make the expression backtrack.
  return expression.replace(/(?:\.\*)+/g, '.*');
}

function toCharacterClass(body: string): string {
  const isNegated = body.startsWith('^');
  const members = (isNegated ? body.slice(1) : body).replace(/[\\[\]^]/g, '\\$&');
  if (members === '') return isNegated ? '.' : '(?!)';
  return `[${isNegated ? '^' : ''}${members}]`;
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}
