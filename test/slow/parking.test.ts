import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillOrder, DrillOrdersPage } from '../../lambdas/contract/drill.ts';
import type { ParkedAccepted, ParkedStatus } from '../../lambdas/contract/parked.ts';
import type { Problem } from '../../lambdas/contract/problem.ts';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { runTwin } from '../support/running-twin.ts';
import { setLevers } from '../support/set-levers.ts';

const SOON = { timeout: 12_000, interval: 250 };
const ORDERS = 8;
const SHORT_SECONDS = 2;

describe('requests that are parked', () => {
  const project = new ProjectCopy();
  let twin: Twin;
  let ada: Person;
  let bob: Person;

  const order = (reference: string) =>
    ada.client.send<ParkedAccepted>('POST', '/api/drill/orders?workMs=0', { reference });
  const statusOf = (person: Person, { statusUrl }: ParkedAccepted) =>
    person.client.send<ParkedStatus>('GET', statusUrl);
  const search = async () => (await ada.client.send('GET', '/api/drill/search?workMs=0')).status;
  /** What is less important than checkout waits, or is shed. */
  const overload = async () => {
    await setLevers(twin, { shedBelow: 'critical' });
    await expect.poll(search, SOON).toBe(503);
  };

  beforeAll(async () => {
    // Another route that parks, for so short a time that it ends within a test.
    project.edit(
      'lib/stacks/services/drill-service.ts',
      "summary: 'Set how slow and how broken the index is',\n        priority: Priority.CRITICAL_PLUS,",
      `summary: 'Set how slow and how broken the index is',
        priority: Priority.SHEDDABLE_PLUS,
        whenOverloaded: Park.for(Duration.seconds(${SHORT_SECONDS})),`,
    );
    twin = await runTwin(await project.synthesize());
    ada = await signUpPerson(twin.apiUrl, 'ada');
    bob = await signUpPerson(twin.apiUrl, 'bob');
    expect(await search()).toBe(200);
  });
  afterAll(async () => {
    await twin?.close();
    project.remove();
  });

  it('are answered 202, wait, and are done once each when the overload is over', async () => {
    await overload();
    const references = Array.from({ length: ORDERS }, (_, index) => `order-${index}`);
    const answers = await Promise.all(references.map(order));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const parked = answers.map(({ body }) => body);
    expect(new Set(parked.map(({ parkedId }) => parkedId)).size).toBe(ORDERS);
    for (const { headers, body } of answers) {
      expect(headers.get('location')).toBe(body.statusUrl);
      expect(headers.get('retry-after')).toBe(String(body.estimatedSeconds));
      expect(Date.parse(body.deadline)).toBeGreaterThan(Date.now() + 200_000);
    }
    const [first] = parked as [ParkedAccepted];
    const queued = await statusOf(ada, first);
    expect(queued.status).toBe(200);
    expect(queued.body).toEqual({ parkedId: first.parkedId, status: 'queued', deadline: first.deadline });
    expect(queued.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    // To anybody else there is no such request.
    const unknown = await bob.client.send<Problem>(
      'GET',
      first.statusUrl.replace(first.parkedId, `0${first.parkedId.slice(1, -1)}0`),
    );
    const hidden = await statusOf(bob, first);
    expect(hidden.status).toBe(404);
    expect({ ...hidden.body, instance: undefined }).toEqual({ ...unknown.body, instance: undefined });

    await setLevers(twin, {});
    const isDone = async () => {
      const states = await Promise.all(parked.map((each) => statusOf(ada, each)));
      return states.filter(({ body }) => body.status === 'done').length;
    };
    await expect.poll(isDone, SOON).toBe(ORDERS);
    const { body } = await ada.client.expect<DrillOrdersPage>(200, 'GET', '/api/drill/orders');
    expect(body.items.map(({ reference }) => reference).sort()).toEqual(references);
    for (const [index, each] of parked.entries()) {
      const { answer } = (await statusOf(ada, each)).body;
      expect(answer?.statusCode).toBe(201);
      expect(answer?.body).toEqual({ id: each.parkedId, reference: references[index] as string } satisfies DrillOrder);
    }
  });

  it('are a problem once their deadline has passed', async () => {
    await overload();
    const setting = { latencyMs: 5_000, failureRatio: 0 };
    const answer = await ada.client.send<ParkedAccepted>('PUT', '/api/drill/dependency', setting);
    expect(answer.status).toBe(202);
    const read = () => statusOf(ada, answer.body) as Promise<{ status: number; body: unknown; headers: Headers }>;
    expect((await read()).status).toBe(200);
    await expect.poll(async () => (await read()).status, SOON).toBe(504);
    const { body, headers } = await read();
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(answer.body.deadline));
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ type: 'urn:spillway:problem:parked-too-long', status: 504 });
    // It stays so, whatever the load.
    await setLevers(twin, {});
    await expect.poll(search, SOON).toBe(200);
    expect((await read()).status).toBe(504);
  });
});
