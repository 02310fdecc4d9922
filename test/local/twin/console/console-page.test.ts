import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../../local/twin/console/snapshot.ts';
import { readPage } from '../../../../local/twin/console/start-console.ts';
import { consoleSnapshot } from '../../../support/console-snapshot.ts';

const page = readPage();
const script = /<script>(.*)<\/script>/s.exec(page)?.[1] ?? '';

interface FakeElement {
  hidden: boolean;
  textContent: string;
  parentElement: { hidden: boolean };
}

/** Runs the page's script, and answers what it put where: the document only remembers. */
function render(...shown: Snapshot[]): {
  readonly html: Readonly<Record<string, string>>;
  readonly elements: Readonly<Record<string, FakeElement>>;
} {
  const elements: Record<string, FakeElement> = {};
  const html: Record<string, string> = {};
  const getElementById = (id: string): FakeElement => {
    expect(page).toContain(`id="${id}"`);
    elements[id] ??= {
      hidden: false,
      textContent: '',
      parentElement: { hidden: false },
      ...{ addEventListener: () => {} },
    };
    return elements[id];
  };
  const remembering = 'put = (id, text) => { byId(id); html[id] = text; };';
  runInNewContext(`${script.replace(/refresh\(\);\s*$/, '')} ${remembering} for (const each of shown) show(each);`, {
    document: { getElementById, addEventListener: () => {} },
    URL,
    html,
    shown,
  });
  return { html, elements };
}

describe('console page', () => {
  it('says stage, addresses of all APIs and counts by status', () => {
    const { html, elements } = render(consoleSnapshot());
    expect(elements.stage?.textContent).toBe('dev');
    for (const text of ['REST API', 'http://127.0.0.1:3000', 'WebSocket API', 'ws://127.0.0.1:3001/live']) {
      expect(html.places).toContain(text);
    }
    expect(html.counts).toMatch(/^5 requests, now .*4 × 200.*1 × 429/);
  });

  it('says how many requests there are per second, by the snapshots of the last six seconds', () => {
    const before = consoleSnapshot({ statusCounts: { 200: 1_000 } });
    const { html } = render(before, consoleSnapshot({ nowMs: 3_000, statusCounts: { 200: 1_100 } }));
    expect(html.counts).toContain('now 50/s');
  });

  it('shows first what IAM denied, and dead letters with how to read them', () => {
    const { html, elements } = render(consoleSnapshot());
    expect(html.problems).toMatch(/Calls that IAM denied.*3 ×.*is not authorized to perform: dynamodb:PutItem/s);
    expect(html.problems).toMatch(
      />7<\/span> in DeadLetters.*--queue-url http:\/\/127.0.0.1:4000\/000000000000\/dead/s,
    );
    expect(elements.attention?.hidden).toBe(false);
  });

  it('says that calls would be denied where IAM only warns', () => {
    const { iam } = consoleSnapshot();
    expect(render(consoleSnapshot({ iam: { ...iam, mode: 'warn' } })).html.problems).toContain(
      'Calls that IAM would deny in AWS',
    );
  });

  it('shows no problems where there are none', () => {
    const { elements } = render(consoleSnapshot({ iam: { mode: 'enforce', denied: [], unused: [] }, queues: [] }));
    expect(elements.attention?.hidden).toBe(true);
  });

  it('shows which throttle refused a request, with the short name of its plan', () => {
    const { requests, reasons } = render(consoleSnapshot()).html;
    expect(requests).toContain("plan-client</span> usage plan 'free' throttles: 100 requests/s, burst 200");
    expect(reasons).toMatch(/>9<.*>429<.*the service answered 429/);
  });

  it('names functions as their constructs do, where a reason has their ARNs', () => {
    const reason = 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Feed-X failed';
    const { reasons } = render(
      consoleSnapshot({ reasons: [{ status: 502, responseType: 'DEFAULT_5XX', reason, count: 1, lastMs: 0 }] }),
    ).html;
    expect(reasons).toContain('Api/Feed failed');
  });

  it('shows of each API its routes with throttle and counts, and of each usage plan its limits', () => {
    const { apis = '' } = render(consoleSnapshot()).html;
    expect(apis).toContain('stage dev · account 10,000/s, burst 5,000, all APIs together');
    expect(apis).toMatch(/GET \/api\/feed.*50\/s, burst 100.*Authorizer\/Verify \+ key.*Api\/Feed/);
    expect(apis).toMatch(/>free<.*100\/s, burst 200.*10,000 per day.*GET \/api\/feed<\/span> 0.5\/s, burst 1/);
    expect(apis).toMatch(/WebSocket API Chat.*2 open connections.*>\$connect<.*the account’s.*Chat\/Join/s);
  });

  it('shows functions with their last error and the log of one', () => {
    const { functions, log, 'log-of': choices } = render(consoleSnapshot()).html;
    expect(functions).toMatch(/Api\/Feed.*TypeError: no &lt;b&gt;/);
    expect(choices).toBe('<option value="Stack-Feed-X">Api/Feed</option>');
    expect(log).toBe('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('shows dead letters in red, and how far event sources are behind', () => {
    const { queues, sources } = render(consoleSnapshot()).html;
    expect(queues).toMatch(
      /class="bad" data-head="Queue">DeadLetters.*class="number bad strong" data-head="Visible">7</,
    );
    expect(sources).toMatch(/Events.*Worker.*class="number held" data-head="Behind by">31</);
  });

  it('shows tables, streams, topics, rules, secrets, parameters, keys and metrics', () => {
    const { stores, events, settings, metrics } = render(consoleSnapshot()).html;
    expect(stores).toMatch(/Tables\/Posts.*5 items.*stream, 4 shards.*7 records/);
    expect(events).toMatch(/News.*Inbox.*sqs, filtered.*Beat.*disabled.*rate\(1 minute\).*Worker/);
    expect(settings).toMatch(
      /SigningKey.*rotation not ended.*\/greeting.*String, version 2.*hello.*Cipher, alias\/app/,
    );
    expect(metrics).toMatch(/Posts.*Feed, a=b, Count.*>4<.*>10<.*>2.5<.*>1<.*>4</);
  });

  it('folds unused grants, ignored properties and what has no effect', () => {
    const { rest } = render(consoleSnapshot()).html;
    expect(rest).toMatch(/<details><summary>Granted, and used by nothing so far.*Feed\/Role.*dynamodb:Scan/);
    expect(rest).toContain("AWS::SQS::Queue 'Q': Colour is ignored");
    expect(rest).toContain('16 × AWS::CloudWatch::Alarm');
  });

  it('hides what an assembly has none of, and says so where requests and functions belong', () => {
    const { html, elements } = render(
      consoleSnapshot({
        apis: [],
        functions: [],
        requests: [],
        reasons: [],
        tables: [],
        streams: [],
        topics: [],
        rules: [],
      }),
    );
    expect(html.requests).toContain('No request yet.');
    expect(html.reasons).toContain('Every request was served so far.');
    expect(html.functions).toContain('This assembly has no functions.');
    expect(elements['stores-head']?.parentElement.hidden).toBe(true);
    expect(elements['settings-head']?.parentElement.hidden).toBe(false);
  });

  it('gives every table a name, and every cell its column', () => {
    const { html } = render(consoleSnapshot());
    const tables =
      Object.values(html)
        .join('')
        .match(/<table [^>]*>/g) ?? [];
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) expect(table).toMatch(/aria-label="[^"]+"/);
    for (const cell of Object.values(html)
      .join('')
      .match(/<td [^>]*>/g) ?? [])
      expect(cell).toMatch(/data-head="[^"]+"/);
  });
});
