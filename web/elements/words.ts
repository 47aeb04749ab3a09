import { inTwo } from '../inbox/src/i18n/language';

export const words = inTwo(
  {
    server: 'Messages cannot be shown on this page.',
    serverMore: 'The attribute server is no address of a Palaver, such as https://chat.market.example. Without it, it is where the script came from.',
    unwelcome: 'Messages cannot be shown on this page.',
    unwelcomeMore: (page: string) =>
      `This Palaver takes no requests from pages of ${page}. Its operator can allow that by adding it to PALAVER_ALLOWED_ORIGINS.`,
    token: 'You could not be signed in.',
    tokenMore: 'The page has given no token for your messages. Perhaps you are no longer signed in there.',
    refused: 'You could not be signed in.',
    refusedMore: 'The server does not take the token that the page has given.',
    place: 'Nothing to show.',
    placeMore: 'The element needs the attribute conversation, or both subject-kind and subject-id.',
    tryAgain: 'Try again',
    tokenTrouble: 'Your sign-in could not be renewed.',
    unreachable: 'The server cannot be reached. It is tried again.',
    pickOne: 'Pick a conversation',
    pickOneMore: 'What you open appears here.',
    loading: 'Loading messages',
  },
  {
    server: 'Auf dieser Seite können keine Nachrichten gezeigt werden.',
    serverMore: 'Das Attribut server ist keine Adresse eines Palaver wie https://chat.market.example. Ohne es ist gemeint, woher das Skript kam.',
    unwelcome: 'Auf dieser Seite können keine Nachrichten gezeigt werden.',
    unwelcomeMore: (page: string) =>
      `Dieses Palaver nimmt keine Anfragen von Seiten unter ${page} an. Wer es betreibt, kann das erlauben: in PALAVER_ALLOWED_ORIGINS.`,
    token: 'Die Anmeldung ist nicht gelungen.',
    tokenMore: 'Die Seite hat kein Token für Ihre Nachrichten gegeben. Vielleicht sind Sie dort nicht mehr angemeldet.',
    refused: 'Die Anmeldung ist nicht gelungen.',
    refusedMore: 'Der Server nimmt das Token nicht an, das die Seite gegeben hat.',
    place: 'Nichts zu zeigen.',
    placeMore: 'Das Element braucht das Attribut conversation, oder subject-kind und subject-id.',
    tryAgain: 'Noch einmal',
    tokenTrouble: 'Ihre Anmeldung konnte nicht erneuert werden.',
    unreachable: 'Der Server ist nicht erreichbar. Es wird weiter versucht.',
    pickOne: 'Wählen Sie ein Gespräch',
    pickOneMore: 'Was Sie öffnen, erscheint hier.',
    loading: 'Nachrichten werden geladen',
  },
);
