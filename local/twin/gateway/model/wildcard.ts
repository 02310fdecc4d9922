/**
 * Whether `text` matches an IAM pattern: `*` stands for any run of characters, slashes and colons included, `?` for
 * exactly one. Linear in practice and never worse than length × length: no regular expression, so no pattern of an
 * authorizer can make the gateway hang.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const symbol = pattern[p];
    if (symbol === '*') {
      star = p++;
      resume = t;
    } else if (symbol !== undefined && (symbol === '?' || symbol === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
