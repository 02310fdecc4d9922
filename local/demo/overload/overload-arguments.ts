import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MINUTES_DEFAULT, MINUTES_MAX, MINUTES_MIN } from './phases.ts';

export const OVERLOAD_USAGE = `npm run demo -- overload [--minutes ${MINUTES_DEFAULT}] [--seed N] [--json FILE] [--html FILE] [--url URL]

Offers the drill service of the dev stage half of what it can serve, then twice of it, makes what it depends on slow, and
lets the load fall again; shows on the way who is served, shed and parked. Ends with code 1 where a figure is missed.

  --minutes NUMBER  length of the load, from ${MINUTES_MIN} to ${MINUTES_MAX} (default: ${MINUTES_DEFAULT})
  --seed NUMBER     a whole number; the same one chooses the same requests (default: by chance)
  --html FILE       write a page with charts here (default: a file of the system's temporary folder)
  --json FILE       write everything that was measured here
  --url URL         use the API there, a twin with '--cold-start real'; by default one is started, and stopped again
  --stage NAME      stage of the twin that is started (default: dev)
  --help            this text
`;

export interface OverloadArguments {
  readonly minutes: number;
  readonly seed: number;
  readonly html: string;
  readonly json: string | undefined;
  readonly url: string | undefined;
  readonly stage: string;
  readonly help: boolean;
}

const SEED_MAX = 2 ** 32 - 1;

/** @throws Error for an option that is not known, or a value that makes no sense. */
export function parseOverloadArguments(args: readonly string[]): OverloadArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: String(MINUTES_DEFAULT) },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      html: { type: 'string', default: join(tmpdir(), 'spillway-overload.html') },
      json: { type: 'string' },
      url: { type: 'string' },
      stage: { type: 'string', default: 'dev' },
      help: { type: 'boolean', default: false },
    },
  });
  const { html, json, url, stage, help } = values;
  const minutes = Number(values.minutes);
  if (values.minutes === '' || !(minutes >= MINUTES_MIN && minutes <= MINUTES_MAX)) {
    throw new Error(`--minutes must be from ${MINUTES_MIN} to ${MINUTES_MAX}, got '${values.minutes}'`);
  }
  const seed = Number(values.seed);
  if (!/^\d{1,10}$/.test(values.seed) || seed > SEED_MAX) {
    throw new Error(`--seed must be a whole number from 0 to ${SEED_MAX}, got '${values.seed}'`);
  }
  if (html === '' || json === '')
    throw new Error(`--${html === '' ? 'html' : 'json'} must be the path of a file, got ''`);
  if (url !== undefined && !URL.canParse(url)) throw new Error(`--url must be a URL, got '${url}'`);
  return { minutes, seed, html, json, url: url?.replace(/\/$/, ''), stage, help };
}
