import type { RunningApi } from '../running-apis.ts';

export type ApiKind = 'REST' | 'HTTP' | 'WebSocket';

export function apiKind({ description }: RunningApi): ApiKind {
  if (!('protocol' in description)) return 'REST';
  return description.protocol === 'HTTP' ? 'HTTP' : 'WebSocket';
}

export function apiStages({ description }: RunningApi): readonly string[] {
  return 'stages' in description ? description.stages : [description.stage];
}

/**
 * What a client connects to: an address per stage. An API with one stage is served without its name; clients of a WebSocket
 * API are used to having it in the path, where it may stand too.
 */
export function apiAddresses(api: RunningApi): readonly string[] {
  const kind = apiKind(api);
  const stages = apiStages(api);
  if (kind === 'WebSocket') return stages.map((stage) => `${api.url.replace(/^http/, 'ws')}/${stage}`);
  if (stages.length <= 1) return [api.url];
  return stages.map((stage) => (stage === '$default' ? api.url : `${api.url}/${stage}`));
}
