import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { AwsError } from '../aws-error.ts';
import type { AuthorizeCall } from '../dispatcher.ts';
import { OWNER, type Principal } from '../principal.ts';
import { accessDenied, denialMessage } from './access-denied.ts';
import { type Account, mayAssume, readAccount, refuseUntrusted, untrustedFunctions } from './account.ts';
import { type Actor, actorId, callerOf } from './actor.ts';
import { Decisions } from './decisions.ts';
import { Denials } from './denials.ts';
import { GrantUsage } from './grant-usage.ts';
import type { IamReport } from './iam-report.ts';
import type { Lookups } from './names.ts';
import type { Question } from './question.ts';
import { functionArn } from './questions/lambda.ts';
import { QUESTIONS } from './questions/questions.ts';
import type { Role } from './read-roles.ts';
import { globalContext } from './request-context.ts';

export interface IamOptions {
  /** `warn` lets everything through, and tells what AWS would deny. */
  readonly mode: 'enforce' | 'warn';
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: () => number;
  /** Receives AWS's sentence about each distinct denial once. */
  readonly log: (message: string) => void;
  /** What only the running services know. */
  readonly lookups?: Lookups;
}

/** IAM of the twin: decides what functions and services may do, by the policies of the templates. */
export interface Iam {
  /** For the dispatcher. @throws AwsError as the called service refuses. */
  readonly authorizeCall: AuthorizeCall;
  /** Why `principal` may not invoke a function, named by ARN or name, with or without qualifier; `undefined` where it may. */
  authorizeInvoke(principal: Principal, functionArnOrName: string): string | undefined;
  /** Why an event source may not be read with these actions. */
  authorizeRead(principal: Principal, actions: readonly string[], resourceArn: string): string | undefined;
  /** As whom a function calls; the owner where the templates do not have it. */
  principalOfFunction(functionName: string): Principal;
  report(): IamReport;
  /**
   * Goes by these resources from now on: at the start, and after each synthesis of `--watch`.
   *
   * @throws TwinError where a policy is malformed or unknown, or a function's role does not trust Lambda; nothing changes then.
   */
  apply(resources: readonly ResolvedResource[]): void;
}

/** One caller, with what was decided about it. */
interface Subject {
  /** As AWS's sentences name it. */
  readonly user: string;
  readonly decisions: Decisions;
}

/** Sessions and sources are made up by callers as well. */
const SUBJECTS_MAX = 1_000;

/**
 * Decides by the policies of the templates; it is asked by the dispatcher, the functions and the event sources. It is no
 * service: the API of IAM is not here, and roles change with the templates alone.
 *
 * @throws TwinError as `apply` does.
 */
export function createIam(resources: readonly ResolvedResource[], options: IamOptions): Iam {
  const { mode, accountId, region, nowMs, log } = options;
  const usage = new GrantUsage();
  const isEnforced = mode === 'enforce';
  const denials = new Denials((message) => log(isEnforced ? message : `IAM would deny in AWS: ${message}`));
  const unknownRoles = new Set<string>();
  const actingRoles = new Set<string>();
  let account: Account;
  let known: WeakMap<Principal, Subject>;
  let subjects: Map<string, Subject>;
  let principals: Map<string, Principal>;

  const apply = (next: readonly ResolvedResource[]): void => {
    const read = readAccount(next, options);
    const untrusted = untrustedFunctions(read, nowMs);
    if (isEnforced) refuseUntrusted(untrusted);
    else for (const sentence of untrusted) log(sentence);
    account = read;
    known = new WeakMap();
    subjects = new Map();
    principals = new Map(
      [...read.functions.values()].map(({ name, roleArn }) => [name, { kind: 'role', roleArn, sessionName: name }]),
    );
  };
  apply(resources);

  const functionArnOf = (roleArn: string, sessionName: string): string | undefined => {
    const found = account.functions.get(sessionName);
    return found?.roleArn === roleArn ? found.arn : undefined;
  };
  const createSubject = (actor: Actor, role: Role | undefined): Subject => {
    const caller = callerOf(actor, accountId);
    return {
      user: caller.kind === 'role' ? caller.sessionArn : caller.service,
      decisions: new Decisions({
        caller,
        context: globalContext(actor, role, { region, accountId, nowMs, functionArn: functionArnOf }),
        policiesFor: (question) => account.policiesFor(role, question),
        onDecision: (question, decision) => {
          if (role && decision.allowed) usage.note(role, question, decision.grants);
        },
      }),
    };
  };

  /** `undefined` for those who may do everything: the owner, and roles that no template declares. */
  const subjectOf = (principal: Principal): Subject | undefined => {
    const found = known.get(principal);
    if (found || principal.kind === 'owner') return found;
    const role = principal.kind === 'role' ? account.role(principal.roleArn) : undefined;
    if (principal.kind === 'role' && !role) {
      if (!unknownRoles.has(principal.roleArn)) log(unknownRole(principal.roleArn));
      unknownRoles.add(principal.roleArn);
      return undefined;
    }
    if (role) actingRoles.add(role.arn);
    const id = actorId(principal);
    let subject = subjects.get(id);
    if (!subject) {
      subject = createSubject(principal, role);
      if (subjects.size >= SUBJECTS_MAX) subjects.clear();
      subjects.set(id, subject);
    }
    known.set(principal, subject);
    return subject;
  };

  /** AWS's sentence about the first question that is denied, counted; `undefined` where all are allowed. */
  const refusal = ({ user, decisions }: Subject, questions: readonly Question[]): string | undefined => {
    for (const question of questions) {
      const decision = decisions.decide(question);
      if (decision.allowed) continue;
      const message = denialMessage(user, question, decision);
      denials.add(message);
      if (isEnforced) return message;
    }
    return undefined;
  };
  /** Why a service may not act in the role that it was given: the role does not trust it. */
  const trustRefusal = (principal: Principal): string | undefined => {
    if (principal.kind !== 'role' || principal.assumedBy === undefined) return undefined;
    const { roleArn, assumedBy: service, sourceArn = '' } = principal;
    const role = account.role(roleArn);
    if (!role || mayAssume(account, role, { service, sourceArn }, nowMs)) return undefined;
    const message = `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    denials.add(message);
    return isEnforced ? message : undefined;
  };
  const authorize = (principal: Principal, questions: readonly Question[]): string | undefined => {
    const subject = subjectOf(principal);
    return subject && (trustRefusal(principal) ?? refusal(subject, questions));
  };

  return {
    apply,
    authorizeCall: (principal, call) => {
      const subject = subjectOf(principal);
      if (!subject) return;
      const service = Object.hasOwn(QUESTIONS, call.service) ? QUESTIONS[call.service] : undefined;
      const ask = service && Object.hasOwn(service, call.operation) ? service[call.operation] : undefined;
      if (!ask) {
        throw new AwsError(
          'InternalFailure',
          `the twin does not know what ${call.service}:${call.operation} asks of IAM; add it to local/twin/aws/iam/questions`,
          { statusCode: 500 },
        );
      }
      const message = trustRefusal(principal) ?? refusal(subject, ask(call.input, account.names, call));
      if (message !== undefined) throw accessDenied(call.service, message);
    },
    authorizeInvoke: (principal, name) =>
      authorize(principal, [{ action: 'lambda:InvokeFunction', resource: functionArn(name, '', account.names) }]),
    authorizeRead: (principal, actions, resource) =>
      authorize(
        principal,
        actions.map((action) => ({ action, resource })),
      ),
    principalOfFunction: (name) => principals.get(name) ?? OWNER,
    report: () => ({
      mode,
      unused: usage.unused(rolesOf(account, actingRoles)),
      denied: denials.list(),
    }),
  };
}

/** Roles that functions run in, and others that somebody acted in: what an account's services do alone is no part of a run. */
function rolesOf(account: Account, acting: ReadonlySet<string>): Role[] {
  const arns = new Set([...[...account.functions.values()].map(({ roleArn }) => roleArn), ...acting]);
  return [...arns].flatMap((arn) => account.role(arn) ?? []);
}

function unknownRole(arn: string): string {
  return `${arn} is not a role of the templates, so nothing is known of its policies: it may do everything here`;
}
