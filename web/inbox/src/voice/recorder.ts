// Takes down what somebody says, in whatever the browser can write and the server takes; it lets go of the microphone at the end.

/** The server takes these; Chromium and Firefox write the first, Safari the last. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'] as const;
/** Enough for a voice, in bits per second. */
const QUALITY = 32_000;
/** Milliseconds between two looks at how loud it is. */
const LOOK = 80;
/** What is longer ends by itself, in milliseconds. */
export const LONGEST = 10 * 60_000;

export interface Recording {
  /** What was said, as a file; null when there was nothing. */
  finish(): Promise<File | null>;
  cancel(): void;
}

const typeHere = (): string | undefined =>
  typeof MediaRecorder === 'undefined' ? undefined : TYPES.find((type) => MediaRecorder.isTypeSupported(type));

/** Is there a way to record in this browser, on this page? */
export const canRecord = (): boolean => navigator.mediaDevices !== undefined && typeHere() !== undefined;

/** Rejects when there is no microphone, or it may not be used. `onLevel` hears how loud it is, 0 to 1. */
export async function record(onLevel: (level: number) => void, onLongest: () => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
  const type = typeHere() ?? '';
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: QUALITY });
  const parts: Blob[] = [];
  const stopLevels = watchLevels(stream, onLevel);
  const timer = setTimeout(onLongest, LONGEST);
  const ended = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) parts.push(data);
  };
  const stop = (): void => {
    clearTimeout(timer);
    stopLevels();
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  recorder.start();
  return {
    async finish() {
      stop();
      await ended;
      const plain = type.split(';')[0] ?? '';
      const file = new File(parts, `voice.${plain.slice(plain.indexOf('/') + 1)}`, { type: plain });
      return file.size > 0 ? file : null;
    },
    cancel: stop,
  };
}

function watchLevels(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    // Ears hear in steps of ten times; a quiet room is at about -60 decibels.
    onLevel(Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-9) / 6)));
  }, LOOK);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
