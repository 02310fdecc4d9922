/** The token is no good; asking again with the same one is pointless. The message is for the log, not for the caller. */
export class TokenRejected extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TokenRejected';
  }
}
