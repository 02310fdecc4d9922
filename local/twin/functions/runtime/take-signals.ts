import { constants } from 'node:os';

/**
 * A function that signals itself means its runtime, which here is a thread of the twin: `onEnd` hears the signal in place of the
 * process. A listener of the function takes the signal first, as in a process of its own.
 */
export function takeSignals(onEnd: (signal: NodeJS.Signals) => void): void {
  const killOthers = process.kill.bind(process);
  const raise = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGKILL' || !process.emit(signal, signal)) onEnd(signal);
  };
  process.kill = (pid, signal = 'SIGTERM') => {
    const isSelf = pid === process.pid || pid === 0 || pid === -process.pid;
    if (!isSelf) return killOthers(pid, signal);
    const name = nameOf(signal);
    if (name) raise(name);
    // 0 only asks whether the process is there; an unknown signal throws, as everywhere.
    else killOthers(process.pid, signal === 0 ? 0 : String(signal));
    return true;
  };
  process.abort = () => {
    onEnd('SIGABRT');
    throw new Error('aborted');
  };
}

function nameOf(signal: string | number): NodeJS.Signals | undefined {
  const entry = Object.entries(constants.signals).find(([name, number]) => name === signal || number === signal);
  return entry?.[0] as NodeJS.Signals | undefined;
}
