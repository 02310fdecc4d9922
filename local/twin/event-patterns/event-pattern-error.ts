/** A pattern that AWS would refuse. `reason` is the sentence of AWS's own rule compiler. */
export class EventPatternError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`Event pattern is not valid. Reason: ${reason}`);
    this.name = 'EventPatternError';
    this.reason = reason;
  }
}
