import { type DeadLetterBooks, deadLetterBreaches } from './dead-letter-ledger.ts';
import { type EventBooks, eventBreaches } from './event-ledger.ts';
import { type PostBooks, postBreaches } from './post-ledger.ts';
import { type VideoBooks, videoBreaches } from './video-ledger.ts';

/** What was asked for and what there is. */
export type Books = PostBooks & VideoBooks & EventBooks & DeadLetterBooks;

/** Every breach of "exactly once", a sentence each; none is what is wanted. */
export function breaches(books: Books): string[] {
  return [
    ...emptyBreaches(books),
    ...postBreaches(books),
    ...videoBreaches(books),
    ...eventBreaches(books),
    ...deadLetterBreaches(books),
  ];
}

/** Where nothing was accepted, nothing can be wrong with it: such a run says nothing. */
function emptyBreaches({ sentPosts, sentVideos, sentViews }: Books): string[] {
  const sent = { post: sentPosts, video: sentVideos, view: sentViews };
  return Object.entries(sent).flatMap(([name, all]) =>
    all.some(({ fate }) => fate === 'accepted') ? [] : [`no ${name} was accepted, so that nothing can be said of any`],
  );
}
