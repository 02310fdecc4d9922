import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeReadyFile, writeReadyFile } from '../../../local/twin/ready-file.ts';

const URLS = { apiUrl: 'http://api', awsEndpointUrl: 'http://aws', consoleUrl: 'http://console', stage: 'dev' };

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spillway-ready-file-'));
  file = join(directory, 'ready.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('writeReadyFile', () => {
  it('says where everything is, over what an earlier twin left there', () => {
    writeFileSync(file, 'old');
    writeReadyFile(file, URLS);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...URLS, pid: process.pid });
    expect(readdirSync(directory)).toEqual(['ready.json']);
  });

  it('fails on a directory, and leaves nothing beside it', () => {
    mkdirSync(file);
    expect(() => writeReadyFile(file, URLS)).toThrow(/^--ready-file \S+ready.json cannot be written: EISDIR/);
    expect(readdirSync(directory)).toEqual(['ready.json']);
  });
});

describe('removeReadyFile', () => {
  it('removes what this process wrote', () => {
    writeReadyFile(file, URLS);
    removeReadyFile(file);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves what another twin wrote since, what is no such file, and a directory', () => {
    for (const content of [JSON.stringify({ ...URLS, pid: process.ppid }), 'null', 'precious']) {
      writeFileSync(file, content);
      removeReadyFile(file);
      expect(readFileSync(file, 'utf8')).toBe(content);
    }
    removeReadyFile(directory);
    expect(readdirSync(directory)).toEqual(['ready.json']);
  });
});
