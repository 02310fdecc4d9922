import type { AwsService, Input } from '../aws-call.ts';
import { optionalInteger, optionalText, requiredList, requiredText } from '../member-constraints.ts';
import { invalidArgument, notFound } from './kinesis-error.ts';
import type { KinesisStore } from './kinesis-store.ts';
import type { Stream } from './stream.ts';
import { streamOf } from './stream-input.ts';

const TAGS_MAX = 50;

/** Tags and resource policies: kept and told. Policies are evaluated from the template, not from here. */
export function tagAndPolicyOperations(store: KinesisStore): AwsService {
  const byArn = (input: Input): Stream => store.stream(requiredText(input, 'ResourceARN', { minLength: 1 }));
  const tag = (stream: Stream, tags: unknown): void => {
    Object.assign(stream.state.tags, tags);
    const count = Object.keys(stream.state.tags).length;
    store.changed(stream);
    if (count > TAGS_MAX)
      throw invalidArgument(`Failed to add tags to stream ${stream.name}: more than ${TAGS_MAX} tags`);
  };
  const untag = (stream: Stream, input: Input): void => {
    for (const key of requiredList<string>(input, 'TagKeys', { minLength: 1, maxLength: TAGS_MAX })) {
      delete stream.state.tags[key];
    }
    store.changed(stream);
  };
  const list = (stream: Stream, input: Input): Record<string, unknown> => {
    const max = optionalInteger(input, 'Limit', { min: 1, max: TAGS_MAX }) ?? TAGS_MAX;
    const after = optionalText(input, 'ExclusiveStartTagKey') ?? '';
    const tags = Object.entries(stream.state.tags)
      .sort()
      .filter(([key]) => key > after);
    return { Tags: tags.slice(0, max).map(([Key, Value]) => ({ Key, Value })), HasMoreTags: tags.length > max };
  };
  return {
    AddTagsToStream: (input) => tag(streamOf(store, input), input.Tags),
    RemoveTagsFromStream: (input) => untag(streamOf(store, input), input),
    ListTagsForStream: (input) => list(streamOf(store, input), input),
    TagResource: (input) => tag(byArn(input), input.Tags),
    UntagResource: (input) => untag(byArn(input), input),
    ListTagsForResource: (input) => ({ Tags: list(byArn(input), {}).Tags }),
    PutResourcePolicy: (input) => {
      const stream = byArn(input);
      stream.state.policy = requiredText(input, 'Policy');
      store.changed(stream);
    },
    GetResourcePolicy: (input) => {
      const { state, arn } = byArn(input);
      if (state.policy === undefined) throw notFound(`No policy found for resource identifier ${arn}.`);
      return { Policy: state.policy };
    },
    DeleteResourcePolicy: (input) => {
      const stream = byArn(input);
      if (stream.state.policy === undefined) throw notFound(`No policy found for resource identifier ${stream.arn}.`);
      stream.state.policy = undefined;
      store.changed(stream);
    },
  };
}
