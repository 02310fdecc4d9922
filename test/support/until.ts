import { waitFor } from '../../local/demo/wait-for.ts';

/** The first work of a worker loads some megabytes of codecs, and machines of tests are busy. */
const PATIENCE_MS = 60_000;

/** Waits for what happens behind the API, at its own pace. @throws Error that says what did not come about */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await waitFor(async () => (await isSo()) || undefined, PATIENCE_MS, `not so: ${what},`);
}
