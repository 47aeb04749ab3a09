import { inTwo } from '../i18n/language';

export const words = inTwo(
  {
    search: 'Search messages',
    clear: 'Clear the search',
    results: 'Found messages',
    searching: 'Searching …',
    found: (count: number, isMore: boolean) => (count === 1 ? '1 message found' : `${isMore ? 'More than ' : ''}${count} messages found`),
    none: 'Nothing found',
    noneMore: 'Every word has to be in the message, or begin a word of it.',
    failed: 'The search could not be made.',
    tryAgain: 'Try again',
    you: 'You',
    someone: 'Somebody',
  },
  {
    search: 'Nachrichten durchsuchen',
    clear: 'Suche leeren',
    results: 'Gefundene Nachrichten',
    searching: 'Wird gesucht …',
    found: (count: number, isMore: boolean) =>
      count === 1 ? '1 Nachricht gefunden' : `${isMore ? 'Mehr als ' : ''}${count} Nachrichten gefunden`,
    none: 'Nichts gefunden',
    noneMore: 'Jedes Wort muss in der Nachricht stehen oder ein Wort darin beginnen.',
    failed: 'Die Suche ist nicht gelungen.',
    tryAgain: 'Noch einmal',
    you: 'Sie',
    someone: 'Jemand',
  },
);
