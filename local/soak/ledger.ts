import { type DeadLetterBooks, deadLetterBreaches } from './dead-letter-ledger.ts';
import { type EventBooks, eventBreaches } from './event-ledger.ts';
import { type PostBooks, postBreaches } from './post-ledger.ts';
import { type VideoBooks, videoBreaches } from './video-ledger.ts';

/** What was asked for and what there is. */
export type Books = PostBooks & VideoBooks & EventBooks & DeadLetterBooks;

/** Every breach of "exactly once", a sentence each; none is what is wanted. */
export function breaches(books: Books): string[] {
  return [...postBreaches(books), ...videoBreaches(books), ...eventBreaches(books), ...deadLetterBreaches(books)];
}
