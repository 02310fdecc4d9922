import type { Context } from './model/context.ts';
import { type Decision, evaluate, type Policies } from './model/evaluate.ts';
import { narrow } from './model/narrow.ts';
import type { Caller } from './model/principals.ts';
import type { Question } from './question.ts';
import { VOLATILE_KEYS } from './request-context.ts';

/** Callers make up resource names, of each action, and condition values: beyond these counts, all is forgotten and decided anew. */
const PLANS_MAX = 10_000;
const VALUES_MAX = 1_000;

/** What is known of one action on one resource. */
type Plan =
  | { readonly settled: Decision }
  | {
      readonly policies: Policies;
      /** Condition keys that the decision depends on. */
      readonly keys: readonly string[];
      readonly isVolatile: boolean;
      readonly byValues: Map<string, Decision>;
    };

export interface DecisionsOptions {
  readonly caller: Caller;
  /** Condition keys that are the same in every request of the caller, but for the volatile ones. */
  readonly context: Context;
  readonly policiesFor: (question: Question) => Policies;
  /** Told once of each decision that is kept, and each time of one that is not. */
  readonly onDecision: (question: Question, decision: Decision) => void;
}

/**
 * Decisions about one caller, kept: by action and resource, and where conditions have a say by the values of the keys that
 * they name. A call whose policies have no conditions on what it sends takes no more than finding it.
 */
export class Decisions {
  readonly #options: DecisionsOptions;
  /** Action → resource → plan: two texts that are hashed already are found faster than one that is put together. */
  readonly #plans = new Map<string, Map<string, Plan>>();

  constructor(options: DecisionsOptions) {
    this.#options = options;
  }

  decide(question: Question): Decision {
    const plan = this.#plans.get(question.action)?.get(question.resource) ?? this.#remember(question);
    if ('settled' in plan) return plan.settled;
    const context = this.#contextOf(question);
    if (plan.isVolatile) return this.#evaluate(question, plan.policies, context);
    const values = JSON.stringify(plan.keys.map((name) => context(name) ?? null));
    let decision = plan.byValues.get(values);
    if (decision === undefined) {
      decision = this.#evaluate(question, plan.policies, context);
      if (plan.byValues.size >= VALUES_MAX) plan.byValues.clear();
      plan.byValues.set(values, decision);
    }
    return decision;
  }

  #remember(question: Question): Plan {
    const plan = this.#plan(question);
    let ofAction = this.#plans.get(question.action);
    if (ofAction === undefined || ofAction.size >= PLANS_MAX) {
      ofAction = new Map();
      this.#plans.set(question.action, ofAction);
    }
    ofAction.set(question.resource, plan);
    return plan;
  }

  #plan(question: Question): Plan {
    const { caller, policiesFor, context } = this.#options;
    const { action, resource } = question;
    const { policies, keys } = narrow(policiesFor(question), { caller, action, resource });
    const isVolatile = keys.some((key) => VOLATILE_KEYS.has(key));
    // A service's own keys come with the question; tag keys are the one global key that does, too.
    const isOfCaller = keys.every((key) => key.startsWith('aws:') && key !== 'aws:tagkeys');
    if (isOfCaller && !isVolatile) return { settled: this.#evaluate(question, policies, context) };
    return { policies, keys, isVolatile, byValues: new Map() };
  }

  #contextOf({ context: own }: Question): Context {
    const { context } = this.#options;
    return own ? (key) => own(key) ?? context(key) : context;
  }

  #evaluate(question: Question, policies: Policies, context: Context): Decision {
    const { caller, onDecision } = this.#options;
    const { action, resource } = question;
    const decision = evaluate({ caller, action, resource, context }, policies);
    onDecision(question, decision);
    return decision;
  }
}
