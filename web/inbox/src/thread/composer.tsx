// Where one writes a message, puts files to it, or speaks.
import { useEffect, useRef, useState, type ClipboardEvent } from 'react';
import { IntentBar } from '../actions/intent-bar';
import type { Intent } from '../actions/tools';
import { useSession } from '../api/session';
import { useStore } from '../api/store';
import { AttachButton, DropPlace } from '../attachments/attach-button';
import { MOST_FILES, type Send } from '../attachments/tray';
import { TrayView } from '../attachments/tray-view';
import type { Attachment } from '../attachments/upload';
import { words as fileWords } from '../attachments/words';
import { useWords } from '../i18n/language';
import { IconButton } from '../ui/button';
import { RecordBar } from '../voice/record-bar';
import { canRecord } from '../voice/recorder';
import { useRecording } from '../voice/use-recording';
import { words as voiceWords } from '../voice/words';
import styles from './composer.module.css';
import { words } from './words';
import { WordsField } from './words-field';

interface Props {
  /** Where it is: what is half written is kept under it for this browser tab. */
  draftKey: string;
  label: string;
  /** What it will answer. */
  answers?: Intent | null;
  onAnswerNothing?(): void;
  onSend(body: string, attachments: Attachment[]): void;
  onTyping?(isTyping: boolean): void;
  /** One writes here at once, as after editing. */
  isBegun?: boolean;
}

export function Composer({ draftKey, label, answers, onAnswerNothing, onSend, onTyping, isBegun = false }: Props) {
  const w = useWords(words);
  const f = useWords(fileWords);
  const v = useWords(voiceWords);
  const { trays, drafts } = useSession();
  const [body, setBody] = useState(() => drafts.read(draftKey));
  const [problem, setProblem] = useState<string | null>(null);
  const tray = trays.of(draftKey);
  const items = useStore(tray);
  /** Grows whenever what one was at is over, and one writes here again. */
  const [begun, setBegun] = useState(() => (isBegun || drafts.isGoingOn(draftKey) ? 1 : 0));
  useEffect(() => drafts.goOn(draftKey), [drafts, draftKey]);
  /** It was sent, and one has gone elsewhere and come back, before its files were there. */
  const [left, setLeft] = useState(() => tray.comeBack());
  /** It goes as soon as its files are there. */
  const [isDue, setDue] = useState(left !== undefined);
  const isEmpty = body.trim() === '' && items.length === 0;
  const isReady = items.every(({ state }) => state === 'ready');
  const hasFailed = items.some(({ state }) => state === 'failed');

  const write = (text: string): void => {
    setBody(text);
    drafts.write(draftKey, text);
    onTyping?.(text.trim() !== '');
  };

  const send = (): void => {
    if (isEmpty || hasFailed) return;
    setProblem(null);
    setDue(!isReady);
    if (!isReady) return;
    if (left && !answers) left(tray.take());
    else onSend(body, tray.take());
    setLeft(undefined);
    write('');
    setBegun(begun + 1);
  };

  const sendNow = useRef(send);
  sendNow.current = send;
  const sendLater: Send = (files) => {
    const words = drafts.read(draftKey);
    drafts.write(draftKey, '');
    onSend(words, files);
  };
  const due = useRef<Send | null>(null);
  due.current = isDue ? (left ?? sendLater) : null;
  useEffect(
    () => () => {
      // What has moved to another place is sent from there.
      if (due.current && trays.of(draftKey) === tray) tray.leave(due.current);
    },
    [trays, tray, draftKey],
  );
  useEffect(() => {
    if (isDue && (isReady || hasFailed)) {
      setDue(false);
      sendNow.current();
    }
  }, [isDue, isReady, hasFailed]);

  const attach = (files: File[]): void => setProblem(tray.add(files) > 0 ? f.leftOut(MOST_FILES) : null);

  const recorder = useRecording({
    onDone: (file, isLongest) => {
      attach([file]);
      setDue(!isLongest);
      if (isLongest) setProblem(v.longest);
    },
    onRefused: () => setProblem(v.refused),
  });

  const answerNothing = (): void => {
    onAnswerNothing?.();
    setBegun(begun + 1);
  };

  const onPaste = (event: ClipboardEvent): void => {
    const files = [...event.clipboardData.files];
    // A table copied from an office program is a picture too, and words.
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    attach(files);
  };

  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <DropPlace onFiles={attach} />
      {problem !== null && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.box}>
        {answers && <IntentBar intent={answers} onCancel={answerNothing} />}
        <TrayView tray={tray} />
        <div className={styles.line}>
          {recorder.state === 'recording' ? (
            <RecordBar recorder={recorder} sendStyle={styles.send} />
          ) : (
            <>
              <AttachButton onFiles={attach} />
              <WordsField
                value={body}
                label={label}
                onWrite={write}
                onEnter={send}
                onEscape={answers ? answerNothing : undefined}
                onLeave={() => onTyping?.(false)}
                onPaste={onPaste}
                isBegun={answers ?? begun}
              />
              {isEmpty && canRecord() ? (
                <IconButton
                  icon="microphone"
                  label={v.record}
                  disabled={recorder.state === 'asking'}
                  onClick={() => {
                    setProblem(null);
                    setBegun(begun + 1);
                    void recorder.begin();
                  }}
                />
              ) : (
                <IconButton
                  type="submit"
                  icon={isDue ? 'clock' : 'send'}
                  label={w.send}
                  className={styles.send}
                  disabled={isEmpty || hasFailed || isDue}
                />
              )}
            </>
          )}
        </div>
      </div>
    </form>
  );
}
