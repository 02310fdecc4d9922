const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** Requests come by the thousand in one second, and the text changes once. */
let kept = { second: Number.NaN, text: '' };

/** `22/Nov/2026:00:46:12 +0000`, as `$context.requestTime` and the proxy event have it. */
export function commonLogTime(ms: number): string {
  const second = Math.floor(ms / 1_000);
  if (second !== kept.second) kept = { second, text: format(new Date(ms)) };
  return kept.text;
}

function format(time: Date): string {
  const date = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${date}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
