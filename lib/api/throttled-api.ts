import { Annotations, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import { SCOPES } from '../../lambdas/contract/scopes.ts';
import { ServiceFunction, TIMEOUT_DEFAULT } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import { type AdmissionOptions, type StoreAccess, storeAccess } from './admission-options.ts';
import { acknowledgeApiFindings } from './api-findings.ts';
import { GatewayResponses } from './gateway-responses.ts';
import { idempotencyFaults } from './idempotency.ts';
import type { FunctionOptions, JwtAuthorizer } from './jwt-authorizer.ts';
import { LimitTable } from './limit-table.ts';
import { type OpenApiDocument, openApiDocument } from './openapi.ts';
import { QueueIntegrations } from './queue-integration.ts';
import { createRestApi, type RestApiOptions } from './rest-api.ts';
import type { Route } from './route.ts';
import { RouteMethods, warnAboveAccount } from './route-methods.ts';
import { RouteTable, type ServedRoute } from './route-table.ts';
import { scopeRoutes } from './scope-routes.ts';
import { type AdmissionSpecInput, admissionSpec, type ServiceAdmissionOptions } from './service-admission.ts';
import { validateServiceName } from './service-name.ts';
import { TenantKeys } from './tenant-keys.ts';
import { ACCOUNT_LIMITS_DEFAULT, type Throttle, validateThrottle } from './throttle.ts';
import { TierPlans, validateTiers } from './tier-plans.ts';
import type { UsageTier } from './usage-tier.ts';

export interface ThrottledApiProps extends AdmissionOptions, RestApiOptions {
  /** Classes of users; `free` must be among them. */
  readonly tiers: readonly UsageTier[];
  /** Who checks tokens. */
  readonly auth: JwtAuthorizer;
  /** Scope → what it permits. @default - the scopes of `lambdas/contract/scopes.ts` */
  readonly scopes?: Readonly<Record<string, string>>;
  /** The account's own limits in the Region, against which throttles are checked. @default - 10,000 per second, burst 5,000 */
  readonly accountLimits?: Throttle;
}

export interface ServiceProps extends FunctionOptions, ServiceAdmissionOptions {
  /** Folder of the handler below `lambdas/services`. */
  readonly handler: string;
  /** What the function does, shown in the console. @default - names the service */
  readonly description?: string;
  /** What it serves; at least one route. */
  readonly routes: readonly Route[];
}

/**
 * A Regional REST API in front of Lambda services, which admits what its tiers, throttles and limits say. Every refusal is
 * a problem document; every request is one line of JSON in the access log.
 */
export class ThrottledApi extends Construct {
  readonly restApi: RestApi;
  readonly stageName: string;
  /** Base URL, without a slash at the end; also the `iss` of our own tokens. */
  readonly url: string;
  /** Name → function, in the order of `addService`. */
  readonly services: ReadonlyMap<string, ServiceFunction>;
  /** Name of a service → how it admits requests. */
  readonly admission: ReadonlyMap<string, AdmissionSpecInput>;
  private readonly added = new Map<string, ServiceFunction>();
  private readonly admissionSpecs = new Map<string, AdmissionSpecInput>();
  private readonly store: StoreAccess;
  private readonly limits: LimitTable;
  private readonly table: RouteTable;
  private readonly methods: RouteMethods;
  private readonly queues: QueueIntegrations;
  private readonly plans: TierPlans;
  private readonly props: ThrottledApiProps;
  private readonly scopes: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ThrottledApiProps) {
    super(scope, id);
    this.validateProps(props);
    this.store = storeAccess(props, this);
    this.limits = new LimitTable(this, this.store.shards);
    this.admission = this.admissionSpecs;
    this.props = props;
    this.stageName = props.stageName;
    this.services = this.added;
    this.scopes = props.scopes ?? SCOPES;
    this.table = new RouteTable(this, Object.keys(this.scopes));

    this.restApi = createRestApi(this, props, () => this.routes);
    const { region, urlSuffix } = Stack.of(this);
    // The name of the stage, not a reference to it: the authorizer knows this URL, and the stage waits for the authorizer.
    this.url = `https://${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}/${props.stageName}`;
    new GatewayResponses(this, 'Responses', { restApi: this.restApi });
    this.methods = new RouteMethods(this, { ...props, restApi: this.restApi, routes: () => this.routes });
    this.queues = new QueueIntegrations(this, 'Queues');
    this.plans = new TierPlans(this, 'Tiers', {
      tiers: props.tiers,
      restApi: this.restApi,
      stage: this.restApi.deploymentStage,
      accountLimits: props.accountLimits ?? ACCOUNT_LIMITS_DEFAULT,
    });
    props.auth.guard({
      url: this.url,
      stageName: props.stageName,
      scopeRoutes: () => scopeRoutes(this.routes),
      tierKeys: () => this.plans.keys,
      claims: () => this.limits.claims,
    });
    acknowledgeApiFindings(this.restApi);
  }

  /** All routes, in the order in which they were added. */
  get routes(): readonly Route[] {
    return this.table.entries.map(({ route }) => route);
  }

  /** The same, each with its service. */
  get servedRoutes(): readonly ServedRoute[] {
    return this.table.entries;
  }

  /**
   * A function, and the routes that lead to it.
   * @throws SpillwayError for a name that is taken, or a route that cannot stand beside those that are there
   */
  addService(name: string, props: ServiceProps): ServiceFunction {
    const { handler, routes, description, environment, adaptiveLimit, dependencies, parkedMax, ...options } = props;
    validateServiceName(name, this.added, this);
    validateRoutes(`service '${name}'`, routes, 'service', this);
    // All of it before any resource, so that a mistake leaves nothing half done.
    const admission = admissionSpec({
      service: name,
      options: props,
      routes,
      tiers: this.props.tiers,
      store: this.store,
      reservedConcurrency: options.reservedConcurrency,
      timeout: options.timeout ?? TIMEOUT_DEFAULT,
      scope: this,
    });
    for (const route of routes) this.limits.add(route);
    this.addToTable(name, routes);
    const service = new ServiceFunction(this, name, {
      ...options,
      handler: `services/${handler}`,
      description: description ?? `Service ${name}`,
      environment: {
        ...environment,
        [Env.STAGE]: this.stageName,
        [Env.ROUTES]: JSON.stringify(routes.map(({ spec }) => spec)),
        [Env.TIER_LIMITS]: JSON.stringify(this.plans.limits),
        [Env.ADMISSION]: JSON.stringify(admission),
      },
    });
    service.node.addValidation({
      validate: () => [...parkingFaults(name, routes, service), ...idempotencyFaults(name, routes, service)],
    });
    this.added.set(name, service);
    this.admissionSpecs.set(name, admission);
    const integration = new LambdaIntegration(service.alias, {
      // One permission for the whole API: with one for each method, a few dozen routes exceed the policy's 20 KB.
      scopePermissionToMethod: false,
    });
    for (const route of routes) this.methods.add(route, integration);
    return service;
  }

  /**
   * Routes whose requests API Gateway puts into queues, without a function.
   * @param name tag of the routes in the OpenAPI document
   * @throws SpillwayError for a name that is taken, or a route that does not end in a queue or beside those that are there
   */
  addQueueRoutes(name: string, routes: readonly Route[]): void {
    validateServiceName(name, this.added, this);
    validateRoutes(`queue routes '${name}'`, routes, 'queue', this);
    this.addToTable(name, routes);
    for (const route of routes) {
      if (route.queued === undefined) continue;
      const { integration, method } = this.queues.integrationOf(route.queued);
      this.methods.add(route, integration, method);
    }
  }

  /** Lets a service sign the tokens of our own issuer: tells it `iss`, `aud` and the tokens' lifetimes. */
  issueTokens(identity: ServiceFunction): void {
    const own = this.props.auth.ownIssuer;
    if (!own) {
      throw new SpillwayError(
        'no-own-issuer',
        'the authorizer accepts no tokens of our own; add TokenIssuer.own() to its issuers',
        this,
      );
    }
    identity.addEnvironment(Env.ISSUER, this.url);
    identity.addEnvironment(Env.AUDIENCE, own.audience);
    identity.addEnvironment(Env.ACCESS_TOKEN_SECONDS, String(own.accessTokenLifetime.toSeconds()));
    identity.addEnvironment(Env.REFRESH_TOKEN_SECONDS, String(own.refreshTokenLifetime.toSeconds()));
  }

  /** Lets a service create and remove tenants' API keys, in the plans of the tiers whose `keys` are `tenant`. */
  manageTenantKeys(tenants: ServiceFunction): void {
    new TenantKeys(this, 'TenantKeys', { service: tenants, plans: this.plans });
  }

  /** The routes as an OpenAPI 3.1 document; the same routes give the same text. */
  openApiDocument(): OpenApiDocument {
    return openApiDocument({ routes: this.table.entries, scopes: this.scopes, stageName: this.stageName });
  }

  private addToTable(name: string, routes: readonly Route[]): void {
    for (const { shadowed, by } of routes.flatMap((route) => this.table.add(name, route))) {
      Annotations.of(this).addWarningV2(
        'spillway:shadowed-route',
        `${shadowed} does not see every request that fits it: API Gateway prefers ${by} where both do`,
      );
    }
  }

  private validateProps(props: ThrottledApiProps): void {
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(props.stageName)) {
      throw new SpillwayError(
        'invalid-stage-name',
        `api: stageName must be letters, digits, hyphens and underscores, got '${props.stageName}'`,
        this,
      );
    }
    validateTiers(props.tiers, this);
    validateThrottle('api: throttle', props.throttle, { scope: this });
    validateThrottle('api: accountLimits', props.accountLimits, { scope: this });
    warnAboveAccount(this, 'api: throttle', props.throttle, props.accountLimits);
  }
}

/** A service has no part in what goes into a queue, and without one there is nobody else to serve a route. */
function validateRoutes(subject: string, routes: readonly Route[], end: 'service' | 'queue', scope: Construct): void {
  if (routes.length === 0) {
    throw new SpillwayError('service-without-routes', `${subject}: routes must hold at least one, got none`, scope);
  }
  const wrong = routes.find(({ queued }) => (queued === undefined) !== (end === 'service'));
  if (wrong === undefined) return;
  const hint =
    end === 'service'
      ? 'it leads to a queue; give it to addQueueRoutes'
      : 'it leads to a service; give it to addService';
  throw new SpillwayError('wrong-kind-of-route', `${subject}: ${wrong} cannot be among its routes, as ${hint}`, scope);
}

/** Requests would be shed instead, without a word. */
function parkingFaults(name: string, routes: readonly Route[], service: ServiceFunction): string[] {
  const parks = routes.find(({ whenOverloaded }) => whenOverloaded.parkFor !== undefined);
  if (parks === undefined || service.hasEnvironment(Env.PARKING_QUEUE)) return [];
  return [
    `service '${name}': ${parks} parks requests, but there is no queue for them; add a ParkingLot for the service`,
  ];
}
