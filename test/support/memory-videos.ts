import type { MediaBucket, StoredObject } from '../../lambdas/adapters/media/media-bucket.ts';
import type { TransactionItem } from '../../lambdas/adapters/outbox.ts';
import type { NewVideo, VideoClaim, VideoRecord, VideosTable } from '../../lambdas/adapters/videos-table.ts';

/** Videos in memory, for tests of logic. Each operation is one turn, and so as atomic as DynamoDB's. */
export class MemoryVideos implements VideosTable {
  readonly items = new Map<string, VideoRecord>();
  /** What was written together with a record, in order. */
  readonly alongside: TransactionItem[] = [];

  /** What was put into the outbox, parsed. */
  get outbox(): Record<string, unknown>[] {
    return this.alongside.flatMap(({ Put }) =>
      typeof Put?.Item?.body === 'string' ? [JSON.parse(Put.Item.body)] : [],
    );
  }
  async accept(video: NewVideo, alongside: readonly TransactionItem[]) {
    if (this.items.has(video.videoId)) return false;
    this.items.set(video.videoId, { ...video, status: 'queued', progress: 0 });
    this.alongside.push(...alongside);
    return true;
  }
  async find(videoId: string) {
    return this.items.get(videoId);
  }
  async claim({ videoId, claimId, nowMs, leaseUntilMs }: Parameters<VideosTable['claim']>[0]) {
    const isFree = ({ status, leaseUntilMs: until = 0, mayRecover }: VideoRecord) =>
      status === 'queued' ||
      (status === 'processing' && until <= nowMs) ||
      (status === 'failed' && mayRecover === true);
    const change = { status: 'processing', progress: 0, claimId, leaseUntilMs } as const;
    return this.#change(videoId, isFree, change, ['reason', 'mayRecover']) ? this.items.get(videoId) : undefined;
  }
  async advance(claim: VideoClaim, progress: number) {
    return this.#change(claim.videoId, isClaimed(claim), { progress });
  }
  async release(claim: VideoClaim) {
    return this.#change(claim.videoId, isClaimed(claim), { status: 'queued', progress: 0 }, [
      'claimId',
      'leaseUntilMs',
    ]);
  }
  async finish(claim: VideoClaim, result: Parameters<VideosTable['finish']>[1], alongside: readonly TransactionItem[]) {
    const { facts, renditions } = result;
    const change: Partial<VideoRecord> = { status: 'ready', progress: 100, facts, renditions: [...renditions] };
    return this.#change(claim.videoId, isClaimed(claim), change, ['claimId', 'leaseUntilMs'], alongside);
  }
  async fail(
    { videoId, reason, nowMs, claimId, mayRecover }: Parameters<VideosTable['fail']>[0],
    alongside: readonly TransactionItem[],
  ) {
    const isLeft = ({ status, leaseUntilMs = 0 }: VideoRecord) =>
      status === 'queued' || (status === 'processing' && leaseUntilMs <= nowMs);
    const holds = claimId === undefined ? isLeft : isClaimed({ videoId, claimId });
    return this.#change(
      videoId,
      holds,
      { status: 'failed', reason, mayRecover },
      ['claimId', 'leaseUntilMs'],
      alongside,
    );
  }
  async cancel(videoId: string, _nowMs: number) {
    return this.#change(videoId, ({ status }) => status === 'queued' || status === 'processing', {
      status: 'cancelled',
    });
  }
  async settle({ videoId, claimId }: VideoClaim) {
    const holds = (record: VideoRecord) => record.status === 'cancelled' && record.claimId === claimId;
    return this.#change(videoId, holds, {}, ['claimId', 'leaseUntilMs']);
  }
  async startRemoval(videoId: string, alongside: readonly TransactionItem[]) {
    const isOver = ({ status }: VideoRecord) => status === 'ready' || status === 'failed';
    return this.#change(videoId, isOver, { status: 'removing' }, [], alongside);
  }
  async remove(videoId: string) {
    return this.items.get(videoId)?.status === 'removing' && this.items.delete(videoId);
  }

  #change(
    videoId: string,
    holds: (record: VideoRecord) => boolean,
    change: Partial<VideoRecord>,
    without: readonly (keyof VideoRecord)[] = [],
    alongside: readonly TransactionItem[] = [],
  ): boolean {
    const record = this.items.get(videoId);
    if (record === undefined || !holds(record)) return false;
    const kept = Object.entries(record).filter(([name]) => !without.some((gone) => gone === name));
    this.items.set(videoId, { ...(Object.fromEntries(kept) as VideoRecord), ...change });
    this.alongside.push(...alongside);
    return true;
  }
}

const isClaimed =
  ({ claimId }: VideoClaim) =>
  (record: VideoRecord) =>
    record.status === 'processing' && record.claimId === claimId;

/** A bucket in memory. `beforeCall` is told of each call, and may reject in its place. */
export class MemoryMediaBucket implements MediaBucket {
  readonly objects = new Map<
    string,
    { readonly bytes: Uint8Array; readonly contentType: string; readonly etag: string }
  >();
  beforeCall: (operation: keyof MediaBucket) => void | Promise<void> = () => {};

  upload(key: string, bytes: Uint8Array, contentType: string) {
    this.objects.set(key, { bytes, contentType, etag: `"${key} ${bytes.length} ${this.objects.size}"` });
  }
  async find(key: string, signal: AbortSignal) {
    await this.#call('find', signal);
    const object = this.objects.get(key);
    return object && { key, etag: object.etag, bytes: object.bytes.length, contentType: object.contentType };
  }
  async read(object: StoredObject, signal: AbortSignal, range?: { offset: number; length: number }) {
    await this.#call('read', signal);
    const { bytes } = this.#same(object);
    return range === undefined ? bytes : bytes.subarray(range.offset, range.offset + range.length);
  }
  async put(key: string, bytes: Uint8Array, contentType: string, signal: AbortSignal) {
    await this.#call('put', signal);
    this.upload(key, bytes, contentType);
  }
  async copy(object: StoredObject, toKey: string, signal: AbortSignal) {
    await this.#call('copy', signal);
    const { bytes, contentType } = this.#same(object);
    this.upload(toKey, bytes, contentType);
  }
  async remove(keys: readonly string[], signal: AbortSignal) {
    await this.#call('remove', signal);
    for (const key of keys) this.objects.delete(key);
  }

  async #call(operation: keyof MediaBucket, signal: AbortSignal) {
    signal.throwIfAborted();
    await this.beforeCall(operation);
  }
  #same({ key, etag }: StoredObject) {
    const object = this.objects.get(key);
    if (object === undefined || object.etag !== etag) throw new Error(`'${key}' is another object by now`);
    return object;
  }
}
