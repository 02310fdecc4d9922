import { Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import { VIDEO_WORK_SECONDS } from '../../lambdas/contract/video.ts';
import type { WorkName } from '../../lambdas/contract/work.ts';
import { validateTokenLifetimes } from '../api/token-lifetimes.ts';
import { ServiceFunction } from '../compute/service-function.ts';
import { Cache } from '../data/cache.ts';
import { MediaBucket } from '../data/media-bucket.ts';
import { Network } from '../data/network.ts';
import { RotatedSecret } from '../data/rotated-secret.ts';
import { Tables } from '../data/tables.ts';
import { EventArchive } from '../messaging/event-archive.ts';
import { EventBackbone, type EventChannel } from '../messaging/event-backbone.ts';
import { FailedRecordsBucket } from '../messaging/failed-records-bucket.ts';
import { WorkBackbone, type WorkChannel } from '../messaging/work-backbone.ts';
import { WorkOrder } from '../messaging/work-order.ts';
import { WorkQueue } from '../messaging/work-queue.ts';
import type { StageProps } from './stage-props.ts';

export interface DataStackProps extends StackProps {
  readonly stageName: string;
  readonly stage: StageProps;
}

/** What has state: it outlives deployments of the service stack, and in `prod` also its own deletion. */
export class DataStack extends Stack {
  readonly network: Network;
  readonly tables: Tables;
  readonly cache: Cache;
  readonly events: EventChannel;
  /** What was published, for replay. */
  readonly archive: EventArchive;
  /** What stream workers gave up. */
  readonly failedRecords: FailedRecordsBucket;
  /** Uploads, and what was made of them. */
  readonly media: MediaBucket;
  /** Accepted work, by its kind. */
  readonly work: Readonly<Record<WorkName, WorkChannel>> & { readonly activity: WorkQueue };
  /** ES256 key pair that signs our access tokens. */
  readonly signingKey: Secret;
  /** Signs pagination cursors. */
  readonly cursorSecret: Secret;
  readonly rotateSigningKey: ServiceFunction;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    const { stage, stageName, ...stackProps } = props;
    super(scope, id, {
      ...stackProps,
      description:
        stackProps.description ?? `Spillway ${stageName}: network, tables, cache, events, queues of work and keys`,
      terminationProtection: stackProps.terminationProtection ?? stage.deletionProtection,
    });
    const { removalPolicy, retention, tokens } = stage;
    validateTokenLifetimes(tokens, this);

    this.network = new Network(this, 'Network', { ...stage.network, logRetention: retention.logs, removalPolicy });
    this.tables = new Tables(this, 'Tables', {
      removalPolicy,
      deletionProtection: stage.deletionProtection,
      drill: stage.drill ?? false,
    });
    this.cache = new Cache(this, 'Cache', { network: this.network, usageLimits: stage.cacheUsageLimits });
    const { network } = this;
    const kept = { logRetention: retention.logs, removalPolicy };
    const { eventBackbone = EventBackbone.kinesis(), workBackbone = WorkBackbone.sqs() } = stage;
    this.events = eventBackbone.create(this, 'Events', { network, retention: retention.events, ...kept });
    this.archive = new EventArchive(this, 'EventArchive', {
      source: this.events,
      retention: retention.archive,
      logRetention: retention.logs,
      removalPolicy,
    });
    this.failedRecords = new FailedRecordsBucket(this, 'FailedRecords', { removalPolicy });
    this.media = new MediaBucket(this, 'Media', { removalPolicy });
    const createWork = workBackbone.create(this, { network, ...kept });
    this.work = {
      // One user's hundred uploads wait behind everybody else's one.
      video: createWork('VideoWork', {
        name: 'video',
        workerTimeout: Duration.seconds(VIDEO_WORK_SECONDS),
        maxAge: stage.backlogMaxAge.video,
        order: WorkOrder.fair(),
      }),
      // API Gateway writes it, which knows SQS alone.
      activity: new WorkQueue(this, 'ActivityWork', {
        name: 'activity',
        workerTimeout: Duration.seconds(30),
        maxBatchingWindow: Duration.seconds(1),
        maxAge: stage.backlogMaxAge.activity,
        removalPolicy,
      }),
    };

    this.rotateSigningKey = new ServiceFunction(this, 'RotateSigningKey', {
      handler: 'workers/rotate-signing-key',
      description: 'Makes a new signing key, and keeps old ones verifiable for as long as tokens live',
      timeout: Duration.seconds(30),
      environment: {
        [Env.STAGE]: stageName,
        [Env.ACCESS_TOKEN_SECONDS]: String(tokens.accessTokenLifetime.toSeconds()),
      },
      logRetention: retention.logs,
      removalPolicy,
    });
    this.rotateSigningKey.useTable(this.tables.verificationKeys, {
      environment: Env.VERIFICATION_KEYS_TABLE,
      actions: ['dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
    });
    this.signingKey = new RotatedSecret(this, 'SigningKey', {
      description: `Spillway ${stageName}: signs access tokens`,
      rotation: this.rotateSigningKey,
      environment: Env.SIGNING_KEY_SECRET,
      rotateEvery: tokens.rotateSigningKeyEvery,
      removalPolicy,
    }).secret;

    this.cursorSecret = new Secret(this, 'CursorSecret', {
      description: `Spillway ${stageName}: signs pagination cursors`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
    Validations.of(this.cursorSecret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'A forged cursor opens no data: it only moves its bearer within pages that the caller may read anyway. A rotation ' +
        'would break every page that is open at that moment, and would gain nothing.',
    });
  }
}
