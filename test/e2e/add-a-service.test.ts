import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { runTwin } from '../support/running-twin.ts';

const page = readFileSync(new URL('../../docs/add-a-service.md', import.meta.url), 'utf8');

/** Where the call of the page goes in: before this line of the service stack. */
const AFTER_THE_SERVICES = '    // New services go above this line (docs/add-a-service.md).\n';

describe('docs/add-a-service.md', () => {
  const project = new ProjectCopy();
  let twin: Twin;
  let ada: Person;

  beforeAll(async () => {
    const files = [...page.matchAll(/^`(lambdas\/[^`]+)`:\n\n```ts\n([\s\S]*?)```/gm)];
    expect(files.map((file) => file[1])).toEqual([
      'lambdas/services/greetings/greet.ts',
      'lambdas/services/greetings/handler.ts',
    ]);
    for (const [, path = '', code = ''] of files) project.write(path, code);
    const call = page.match(/```ts\n( {4}api\.addService[\s\S]*?)```/)?.[1];
    expect(call).toBeDefined();
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
