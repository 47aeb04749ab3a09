import { inTwo } from '../i18n/language';

export const words = inTwo(
  {
    search: 'Search messages',
    clear: 'Clear the search',
    results: 'Found messages',
    resultsConversations: 'Found conversations',
    conversations: 'Conversations',
    messages: 'Messages',
    searching: 'Searching …',
    found: (count: number, isMore: boolean) => (count === 1 ? '1 message found' : `${isMore ? 'More than ' : ''}${count} messages found`),
    foundConversations: (count: number) => (count === 1 ? '1 conversation found' : `${count} conversations found`),
    none: 'Nothing found',
    noneMore: 'Every word has to be in the message, or begin a word of it; or all of it in a name or a title.',
    failed: 'The search could not be made.',
    tryAgain: 'Try again',
    you: 'You',
    someone: 'Somebody',
  },
  {
    search: 'Nachrichten durchsuchen',
    clear: 'Suche leeren',
    results: 'Gefundene Nachrichten',
    resultsConversations: 'Gefundene Gespräche',
    conversations: 'Gespräche',
    messages: 'Nachrichten',
    searching: 'Wird gesucht …',
    found: (count: number, isMore: boolean) =>
      count === 1 ? '1 Nachricht gefunden' : `${isMore ? 'Mehr als ' : ''}${count} Nachrichten gefunden`,
    foundConversations: (count: number) => (count === 1 ? '1 Gespräch gefunden' : `${count} Gespräche gefunden`),
    none: 'Nichts gefunden',
    noneMore: 'Jedes Wort muss in der Nachricht stehen oder ein Wort darin beginnen; oder alles in einem Namen oder Titel.',
    failed: 'Die Suche ist nicht gelungen.',
    tryAgain: 'Noch einmal',
    you: 'Sie',
    someone: 'Jemand',
  },
);
