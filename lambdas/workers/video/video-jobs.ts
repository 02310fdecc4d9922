import * as v from 'valibot';
import { VideoWork } from '../../contract/video.ts';
import type { QueueWorkerOptions } from '../../middleware/queue-worker.ts';
import { type FailVideoDependencies, failVideo } from './fail-video.ts';
import { type ProcessVideoDependencies, processVideo } from './process-video.ts';
import { type RemoveVideoDependencies, removeVideo } from './remove-video.ts';

export type VideoJobsDependencies = ProcessVideoDependencies & FailVideoDependencies & RemoveVideoDependencies;

const EXPIRED = 'it was not looked at in time; send it again';
const SET_ASIDE = 'it could not be processed for now, and an operator has been told';

/** What the worker of the queue `video` does with its jobs, and says of those that come to nothing. */
export function videoJobs(
  dependencies: VideoJobsDependencies,
): Pick<QueueWorkerOptions<VideoWork>, 'schema' | 'handle' | 'onExpired' | 'onSetAside'> {
  return {
    schema: VideoWork,
    handle: async ({ data: { action, videoId }, traceparent }, signal) => {
      if (action === 'remove') await removeVideo(dependencies, videoId, signal);
      else await processVideo(dependencies, { videoId, traceparent }, signal);
    },
    // Only what is to be processed has a deadline.
    onExpired: async ({ data: { videoId }, traceparent }) => {
      await failVideo(dependencies, { videoId, traceparent, reason: EXPIRED, mayRecover: false });
    },
    onSetAside: async ({ data, traceparent }) => {
      // A removal that was set aside is still one: its owner sees nothing of the video, and an operator sends it again.
      if (!v.is(VideoWork, data) || data.action === 'remove') return;
      await failVideo(dependencies, { videoId: data.videoId, traceparent, reason: SET_ASIDE, mayRecover: true });
    },
  };
}
