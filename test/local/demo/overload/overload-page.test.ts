import { describe, expect, it } from 'vitest';
import { overloadPage } from '../../../../local/demo/overload/overload-page.ts';
import { overloadSampleRun } from '../../../support/overload-sample-run.ts';

const run = overloadSampleRun();

describe('overloadPage', () => {
  const page = overloadPage(run);

  it('needs nothing from anywhere', () => {
    expect(page.match(/(?:src|href)="[^"]*"|url\([^)]*\)|@import|<script|https?:/g)).toEqual(['href="data:,"']);
  });

  it('closes what it opens', () => {
    for (const name of ['section', 'div', 'svg', 'figure', 'ul', 'li', 'span', 'table', 'tr', 'td', 'th', 'h2']) {
      const opened = page.match(new RegExp(`<${name}[ >]`, 'g'))?.length ?? 0;
      expect([name, page.match(new RegExp(`</${name}>`, 'g'))?.length ?? 0]).toEqual([name, opened]);
    }
  });

  it('holds no number that is none', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shows each figure with what was wanted and measured, and the result of all in words', () => {
    for (const { title, measured } of run.verdicts) {
      expect(page).toContain(`<h3>${title}</h3>`);
      expect(page).toContain(measured);
    }
    expect(page).toContain('All 7 figures met');
  });

  it('says where the machine was too busy to be measured on', () => {
    expect(overloadPage({ ...run, lateMs: 99 })).not.toContain('busy');
    expect(overloadPage({ ...run, lateMs: 640.4 })).toContain('the demo itself was up to 640 ms late');
  });

  it('says how many figures were missed', () => {
    const [first, ...rest] = run.verdicts;
    const missed = overloadPage({
      ...run,
      verdicts: [{ ...first, isMet: false } as (typeof run.verdicts)[number], ...rest],
    });
    expect(missed).toContain('1 of 7 figures missed');
  });

  it('gives every drawing and state in words, for those who do not see them', () => {
    for (const svg of page.match(/<svg [^>]*>/g) ?? []) expect(svg).toMatch(/role="img" aria-label="[^"]+"/);
    expect(page).toContain('Breaker of the index: closed from 0:00 to 0:');
  });

  it('has a row in its table for each flow in each phase', () => {
    expect(page.match(/<th scope="row">/g)).toHaveLength(run.phases.length * 4);
  });

  it('escapes what the API has said', () => {
    const verdicts = [{ title: 't', wanted: 'w', measured: '<img src=x>', isMet: false }];
    expect(overloadPage({ ...run, verdicts })).not.toContain('<img');
  });

  it('can be drawn of a run that nobody answered', () => {
    const empty = { ...run, seconds: [], breaker: [], parked: [] };
    expect(overloadPage(empty)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
