// A recording that goes on while one looks at the conversation, and is dropped when one leaves it.
import { useCallback, useEffect, useRef, useState } from 'react';
import { record, type Recording } from './recorder';

/** So many of the last levels are shown. */
const SHOWN = 60;

export interface Recorder {
  state: 'idle' | 'asking' | 'recording';
  /** Milliseconds of the browser's clock. */
  since: number;
  levels: readonly number[];
  begin(): Promise<void>;
  /** Hands over what was said. */
  finish(): Promise<void>;
  cancel(): void;
}

interface Ends {
  onDone(file: File, isLongest: boolean): void;
  onRefused(): void;
}

export function useRecording(ends: Ends): Recorder {
  const [state, setState] = useState<Recorder['state']>('idle');
  const [since, setSince] = useState(0);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const recording = useRef<Recording | null>(null);
  const isLeft = useRef(false);
  const told = useRef(ends);
  told.current = ends;

  const end = useCallback(async (isLongest = false): Promise<void> => {
    const ended = recording.current;
    if (ended === null) return;
    recording.current = null;
    const file = await ended.finish();
    setState('idle');
    if (file) told.current.onDone(file, isLongest);
  }, []);

  const cancel = useCallback((): void => {
    recording.current?.cancel();
    recording.current = null;
    setState('idle');
  }, []);

  const begin = useCallback(async (): Promise<void> => {
    setState('asking');
    setLevels([]);
    try {
      const begun = await record(
        (level) => setLevels((before) => [...before.slice(1 - SHOWN), level]),
        () => void end(true),
      );
      if (isLeft.current) return begun.cancel();
      recording.current = begun;
      setSince(Date.now());
      setState('recording');
    } catch {
      setState('idle');
      told.current.onRefused();
    }
  }, [end]);

  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
      recording.current?.cancel();
      recording.current = null;
    };
  }, []);

  return { state, since, levels, begin, finish: end, cancel };
}
