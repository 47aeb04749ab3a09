import { inTwo } from '../i18n/language';

export const words = inTwo(
  {
    record: 'Record a voice message',
    recording: 'Recording',
    drop: 'Drop the recording',
    sendVoice: 'Send the voice message',
    refused: 'The microphone cannot be used: there is none, or the browser does not allow it here.',
    longest: 'The recording has reached its greatest length. Send it, or drop it.',
    play: 'Play the voice message',
    pause: 'Pause',
    place: 'Place in the voice message',
    at: (here: string, all: string) => `${here} of ${all}`,
    gone: 'It cannot be played.',
  },
  {
    record: 'Sprachnachricht aufnehmen',
    recording: 'Aufnahme läuft',
    drop: 'Aufnahme verwerfen',
    sendVoice: 'Sprachnachricht senden',
    refused: 'Das Mikrofon ist nicht zu benutzen: Es gibt keines, oder der Browser erlaubt es hier nicht.',
    longest: 'Länger kann eine Aufnahme nicht sein. Senden oder verwerfen Sie sie.',
    play: 'Sprachnachricht abspielen',
    pause: 'Anhalten',
    place: 'Stelle in der Sprachnachricht',
    at: (here: string, all: string) => `${here} von ${all}`,
    gone: 'Sie kann nicht abgespielt werden.',
  },
);
