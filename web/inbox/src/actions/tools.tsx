// What the messages of an open thread, its menus and its composer share.
import { createContext, use, useMemo } from 'react';
import type { Message } from '../api/messages-in';
import { createStore, type Store } from '../api/store';
import type { Thread } from '../thread/threads';

/** What is written next: an answer to a message, or other words for one. */
export interface Intent {
  is: 'answer' | 'edit';
  message: Message;
}

export interface Tools {
  thread: Thread;
  intent: Store<Intent | null>;
  /** The message that is about to be deleted, while one is asked whether it is to be. */
  doomed: Store<Message | null>;
  /** The message that is about to be reported to staff. */
  reported: Store<Message | null>;
}

const ToolsContext = createContext<Tools | null>(null);

export const ToolsProvider = ToolsContext;

export const useNewTools = (thread: Thread): Tools =>
  useMemo(
    () => ({
      thread,
      intent: createStore<Intent | null>(null),
      doomed: createStore<Message | null>(null),
      reported: createStore<Message | null>(null),
    }),
    [thread],
  );

export function useTools(): Tools {
  const tools = use(ToolsContext);
  if (tools === null) throw new Error('There is no open thread here.');
  return tools;
}
