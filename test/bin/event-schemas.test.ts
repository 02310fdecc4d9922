import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentSchemas, PUBLISHED_FOLDER, publishSchemas } from '../../bin/event-schemas.ts';
import { EVENT_SCHEMAS } from '../../lambdas/contract/events/domain-event.ts';

const schemaOf = (data: object) => ({ type: 'object', properties: { type: { const: 'Seen' }, ...data } });
const text = { type: 'string' };

describe('published schemas of events', () => {
  it('are those of the code', () => {
    expect(publishSchemas(PUBLISHED_FOLDER, currentSchemas(), { check: true })).toEqual({ lines: [], isFine: true });
  });

  it('are there for each type', () => {
    expect(Object.keys(currentSchemas())).toEqual(Object.keys(EVENT_SCHEMAS));
  });
});

describe('npm run event-schemas', () => {
  it.each([
    ['--chekc', "Unknown option '--chekc'"],
    ['check', "Unexpected argument 'check'. This command does not take positional arguments"],
  ])('fails for %s in a sentence', (argument, message) => {
    const script = join(import.meta.dirname, '../../bin/event-schemas.ts');
    const { status, stderr } = spawnSync(process.execPath, [script, argument], { encoding: 'utf8' });
    expect(stderr).toBe(`event-schemas: ${message}; --help shows how it goes\n`);
    expect(status).toBe(2);
  });
});

describe('publishSchemas', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'spillway-events-'));
    folder = join(parent, 'published');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const publish = (data: object, check = false) => publishSchemas(folder, { Seen: schemaOf(data) }, { check });
  const published = () => readFileSync(join(folder, 'seen.json'), 'utf8');

  it('writes what is new, then what is new in it, and nothing twice', () => {
    expect(publish({ a: text })).toEqual({
      lines: ['wrote lambdas/contract/events/published/seen.json'],
      isFine: true,
    });
    expect(publish({ a: text, b: text }).lines).toHaveLength(1);
    expect(publish({ a: text, b: text })).toEqual({ lines: [], isFine: true });
    expect(JSON.parse(published())).toEqual(schemaOf({ a: text, b: text }));
  });

  it('fails to write a change that is not compatible, and leaves all as it was', () => {
    publish({ a: text });
    const before = published();
    const other = { Other: { type: 'object', properties: { type: { const: 'Other' } } } };
    const outcome = publishSchemas(folder, { ...other, Seen: schemaOf({}) }, { check: false });
    expect(outcome.isFine).toBe(false);
    expect(outcome.lines).toEqual([expect.stringMatching(/^event type 'Seen': a was removed; /)]);
    expect(published()).toBe(before);
    expect(readdirSync(folder)).toEqual(['seen.json']);
  });

  it('fails a check of what is not published yet, and writes nothing', () => {
    const sentence = "event type 'Seen' is not published as it is; npm run event-schemas does so";
    expect(publish({ a: text }, true)).toEqual({ lines: [sentence], isFine: false });
    expect(existsSync(folder)).toBe(false);
    publish({ a: text });
    expect(publish({ a: text }, true)).toEqual({ lines: [], isFine: true });
    expect(publish({ a: text, b: text }, true)).toEqual({ lines: [sentence], isFine: false });
  });

  it('fails a check of what is not compatible with what to do instead', () => {
    publish({ a: text });
    const { lines, isFine } = publish({ a: { type: 'number' } }, true);
    expect(isFine).toBe(false);
    expect(lines).toEqual([expect.stringContaining("a new type such as 'Seen2'")]);
  });

  it('fails for a file that is no schema of an event', () => {
    publish({});
    writeFileSync(join(folder, 'notes.json'), '{}');
    expect(() => publish({})).toThrow('notes.json is not the schema of an event');
  });
});
