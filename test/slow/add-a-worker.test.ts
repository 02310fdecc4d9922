import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotificationsPage } from '../../lambdas/contract/notifications.ts';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { waitFor } from '../../local/demo/wait-for.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { runTwin } from '../support/running-twin.ts';

const page = readFileSync(new URL('../../docs/add-a-worker.md', import.meta.url), 'utf8');
const codeBlocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

/** The page's block that begins so. */
function block(start: string): string {
  const found = codeBlocks.filter((code) => code.startsWith(start));
  expect([start, found.length]).toEqual([start, 1]);
  return found[0] ?? '';
}

/** Puts the lines of the page where it says that they belong. */
function follow(project: ProjectCopy): void {
  const files = [...page.matchAll(/^`((?:lambdas|lib)\/[^`]+)`:\n\n```ts\n([\s\S]*?)```/gm)];
  expect(files.map((file) => file[1])).toEqual([
    'lambdas/contract/share.ts',
    'lambdas/workers/share/tell-of-post.ts',
    'lambdas/workers/share/handler.ts',
    'lambdas/workers/receipts/handler.ts',
    'lib/stacks/services/shares.ts',
  ]);
  for (const [, path = '', code = ''] of files) project.write(path, code);

  const names = /export const WORK_NAMES = .*\n/.exec(read('lambdas/contract/work.ts'))?.[0] ?? 'the names of work';
  project.edit('lambdas/contract/work.ts', names, block('export const WORK_NAMES'));
  const stages = 'bin/stages.ts';
  const budgets = [...read(stages).matchAll(/backlogMaxAge: \{ /g)];
  expect(budgets).toHaveLength(2);
  // Replaced, it is not found again as the first one.
  for (const _ of budgets) project.edit(stages, 'backlogMaxAge: { ', `backlogMaxAge: {\n${block('share: Duration')}`);
  project.edit(stages, '    scaling: {\n', `    scaling: {\n${block('shareWorker: {')}`);
  const list = 'export const SCALED_FUNCTIONS = [\n';
  project.edit('lib/stacks/stage-props.ts', list, `${list}${block("'shareWorker',")}`);
  const dataStack = 'lib/stacks/data-stack.ts';
  project.edit(dataStack, 'this.work = {\n', `this.work = {\n${block('share: new WorkQueue')}`);
  const type = /^ {2}readonly work: .*\n/m.exec(read(dataStack))?.[0] ?? 'the type of the queues';
  project.edit(dataStack, type, block('  readonly work: '));
  const serviceStack = 'lib/stacks/service-stack.ts';
  const firstImport = 'import { createServiceContext }';
  project.edit(serviceStack, firstImport, `${block('import { addShares }')}${firstImport}`);
  const mark = '    // New services go above this line';
  project.edit(serviceStack, mark, `${block('    addShares(context)')}${mark}`);
}

function read(path: string): string {
  return readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
}

describe('docs/add-a-worker.md', () => {
  const project = new ProjectCopy();
  let twin: Twin;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    follow(project);
    twin = await runTwin(await project.synthesize());
    [ada, bob] = await Promise.all([signUpPerson(twin.apiUrl, 'ada'), signUpPerson(twin.apiUrl, 'bob')]);
  }, 120_000);
  afterAll(async () => {
    await twin?.close();
    project.remove();
  });

  const share = () => ada.client.send('POST', '/api/shares', { userId: bob.id, postId: 'a-post' });
  const notificationsOf = async (person: Person, count: number) =>
    waitFor(
      async () => {
        const { body } = await person.client.expect<NotificationsPage>(200, 'GET', '/api/notifications');
        return body.items.length >= count ? body.items : undefined;
      },
      20_000,
      'nobody was notified',
    );

  it('answers what the page prints', async () => {
    const answer = await share();
    expect(answer.status).toBe(202);
    const printed = page.match(/```text\n([\s\S]*?)\n```/)?.[1] ?? 'nothing';
    const id = (answer.body as { readonly id: string }).id;
    expect(JSON.stringify(answer.body)).toBe(printed.replace('…', id));
  });

  it('has the work done: somebody is pointed at a post', async () => {
    const items = await notificationsOf(bob, 1);
    expect(items).toEqual([expect.objectContaining({ authorId: ada.id, postId: 'a-post' })]);
  });

  it('has the event consumed: an author finds their own post', async () => {
    const { body } = await ada.client.expect<{ readonly id: string }>(201, 'POST', '/api/feed', { text: 'Heard?' });
    expect(await notificationsOf(ada, 1)).toEqual([expect.objectContaining({ postId: body.id, authorId: ada.id })]);
  });

  it('refuses a body that is against the schema before anything is queued', async () => {
    expect((await ada.client.send('POST', '/api/shares', { userId: bob.id })).status).toBe(400);
  });
});
