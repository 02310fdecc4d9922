import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { runTwin } from '../support/running-twin.ts';

const page = readFileSync(new URL('../../docs/add-a-service.md', import.meta.url), 'utf8');

/** Where the lines of the page go in: before these of the service stack. */
const BEFORE_THE_IMPORTS = 'import { createServiceContext }';
const AFTER_THE_SERVICES = '    // New services go above this line (docs/add-a-service.md).\n';

describe('docs/add-a-service.md', () => {
  const project = new ProjectCopy();
  let twin: Twin;
  let ada: Person;

  beforeAll(async () => {
    const files = [...page.matchAll(/^`((?:lambdas|lib)\/[^`]+)`:\n\n```ts\n([\s\S]*?)```/gm)];
    expect(files.map((file) => file[1])).toEqual([
      'lambdas/services/greetings/greet.ts',
      'lambdas/services/greetings/handler.ts',
      'lib/stacks/services/greetings-service.ts',
    ]);
    for (const [, path = '', code = ''] of files) project.write(path, code);
    const [, line] = page.match(/```ts\n(import [^\n]*greetings-service[^\n]*\n)```/) ?? [];
    const [, call] = page.match(/```ts\n( {4}addGreetingsService[^\n]*\n)```/) ?? [];
    expect([line, call]).not.toContain(undefined);
    project.edit('lib/stacks/service-stack.ts', BEFORE_THE_IMPORTS, `${line}${BEFORE_THE_IMPORTS}`);
    project.edit('lib/stacks/service-stack.ts', AFTER_THE_SERVICES, `${call}\n${AFTER_THE_SERVICES}`);
    twin = await runTwin(await project.synthesize());
    ada = await signUpPerson(twin.apiUrl, 'ada');
  });
  afterAll(async () => {
    await twin?.close();
    project.remove();
  });

  it('ends with what the page prints', async () => {
    const answer = await ada.client.send('GET', '/api/greetings/ada');
    expect(`${JSON.stringify(answer.body)}\n`).toBe(page.match(/```text\n([\s\S]*?)```/)?.[1]);
  });

  it('refuses the fourth of four requests at once', async () => {
    const bob = await signUpPerson(twin.apiUrl, 'bob');
    const answers = await Promise.all(Array.from({ length: 4 }, () => bob.client.send('GET', '/api/greetings/bob')));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 200, 429]);
  });

  it('is behind the authorizer like every other service', async () => {
    expect((await fetch(`${twin.apiUrl}/api/greetings/ada`)).status).toBe(401);
  });
});
