import * as v from 'valibot';
import { FeedUpdated } from './feed-updated.ts';
import { PostViewed } from './post-viewed.ts';
import { VideoProcessed } from './video-processed.ts';

/** Every type of event that is on the stream, by its name. */
export const EVENT_SCHEMAS = { FeedUpdated, PostViewed, VideoProcessed } as const;
export type EventType = keyof typeof EVENT_SCHEMAS;

/** Whatever is published. */
export const DomainEvent = v.variant('type', [FeedUpdated, PostViewed, VideoProcessed]);
export type DomainEvent = v.InferOutput<typeof DomainEvent>;
