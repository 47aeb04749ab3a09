import type { ContactRefusal } from '../api/generated';
import { inTwo } from '../i18n/language';

export const words = inTwo(
  {
    title: 'The demo market',
    subtitle: 'What people offer here. It stands for your own application: Palaver keeps the conversations.',
    contact: 'Contact',
    contactFor: (title: string) => `Contact about ${title}`,
    goOn: 'Go to the conversation',
    yours: 'See who asked',
    by: (name: string) => `by ${name}`,
    loading: 'Loading the market',
    none: 'Nothing is offered',
    noneMore: 'The market of this server is empty.',
    sold: 'Closed',
    IS_OWNER: 'This one is yours.',
    NOT_A_PARTY: 'It concerns others.',
    SUBJECT_CLOSED: 'It is no longer offered.',
    BLOCKED: 'One of you has blocked the other.',
    STRANGER_LIMIT: 'You have written to many lately. Wait a while.',
    OTHER: 'You cannot write about this now.',
  },
  {
    title: 'Der Beispielmarkt',
    subtitle: 'Was hier angeboten wird. Er steht für Ihre eigene Anwendung: Palaver führt die Gespräche.',
    contact: 'Anschreiben',
    contactFor: (title: string) => `Anschreiben wegen ${title}`,
    goOn: 'Zum Gespräch',
    yours: 'Wer hat gefragt?',
    by: (name: string) => `von ${name}`,
    loading: 'Der Markt wird geladen',
    none: 'Nichts wird angeboten',
    noneMore: 'Der Markt dieses Servers ist leer.',
    sold: 'Geschlossen',
    IS_OWNER: 'Das gehört Ihnen.',
    NOT_A_PARTY: 'Das betrifft andere.',
    SUBJECT_CLOSED: 'Das wird nicht mehr angeboten.',
    BLOCKED: 'Einer von Ihnen hat den anderen blockiert.',
    STRANGER_LIMIT: 'Sie haben zuletzt vielen geschrieben. Warten Sie etwas.',
    OTHER: 'Sie können gerade nicht darüber schreiben.',
  },
);

/** Why one cannot write, in words; values may be added to the schema. */
export function refusalIn(w: (typeof words)['en'], refusal: ContactRefusal): string {
  return refusal === '%future added value' || !(refusal in w) ? w.OTHER : w[refusal];
}
