// What both elements are: attributes and a token that come and go, a shadow root, and what is shown in it.
import type { GetToken } from '@palaver/client';
import type { ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import type { Route } from '../inbox/src/app/routes';
import { choose, type Language } from '../inbox/src/i18n/language';
import { Frame } from './frame';
import { styles } from './styles';
import { NOWHERE } from './visit';
import { enter } from './visits';

/** The origin that the script came from. */
const HOME = new URL(import.meta.url).origin;

export abstract class PalaverElement extends HTMLElement {
  static readonly observedAttributes = ['server', 'conversation', 'subject-kind', 'subject-id', 'lang'];

  #getToken: GetToken | undefined;
  #root: Root | undefined;
  #visited: (ReturnType<typeof enter> & { server: string; getToken: GetToken }) | undefined;

  /** What is shown, once somebody is there. */
  protected abstract readonly content: ReactNode;
  /** Where it begins when the attributes name no place. */
  protected abstract readonly start: Route | null;

  constructor() {
    super();
    // The page may have given it before the script was there: then it hides the property of the class.
    if (!Object.hasOwn(this, 'token')) return;
    const { token } = this;
    delete (this as { token?: unknown }).token;
    this.#getToken = token;
  }

  get token(): GetToken | undefined {
    return this.#getToken;
  }

  /** Called whenever a token is needed: `start`, `expiring`, or `refused`. */
  set token(getToken: GetToken | undefined) {
    if (getToken != null && typeof getToken !== 'function') throw new TypeError('token is a function that gives a token.');
    this.#getToken = getToken ?? undefined;
    this.#show();
  }

  connectedCallback(): void {
    this.#show();
  }

  disconnectedCallback(): void {
    // Who only moves it takes it out and puts it in at once.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#root?.unmount();
      this.#root = undefined;
      this.#leave();
    });
  }

  attributeChangedCallback(): void {
    this.#show();
  }

  #show(): void {
    if (!this.isConnected) return;
    this.#root ??= createRoot(this.#frame());
    const server = originOf(this.getAttribute('server'));
    const visit = server === null ? this.#leave() : this.#visit(server)?.visit;
    const language = this.#language();
    this.#root.render(
      <Frame visit={visit} language={language} start={this.#place()} tell={this.#tell}>
        {this.content}
      </Frame>,
    );
  }

  #frame(): HTMLElement {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [styles()];
    const frame = document.createElement('div');
    frame.className = 'frame';
    shadow.replaceChildren(frame);
    return frame;
  }

  #leave(): typeof NOWHERE {
    this.#visited?.leave();
    this.#visited = undefined;
    return NOWHERE;
  }

  #visit(server: string): ReturnType<typeof enter> | undefined {
    const getToken = this.#getToken;
    const before = this.#visited;
    if (before?.server === server && before.getToken === getToken) return before;
    this.#visited = getToken && { ...enter(server, getToken), server, getToken };
    before?.leave();
    return this.#visited;
  }

  #place(): Route | null {
    const id = this.getAttribute('conversation');
    const kind = this.getAttribute('subject-kind');
    const externalId = this.getAttribute('subject-id');
    if (id) return { at: 'conversation', id };
    return kind && externalId ? { at: 'new', kind, externalId } : this.start;
  }

  #language(): Language {
    const around = this.closest<HTMLElement>('[lang]')?.lang;
    return choose(around ? [around] : navigator.languages);
  }

  readonly #tell = (name: string, detail: Record<string, unknown>): void => {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  };
}

/** Of an address, whatever follows the origin; of none, where the script came from. Null for what is no address of a server. */
function originOf(server: string | null): string | null {
  if (!server) return HOME;
  if (!URL.canParse(server, document.baseURI)) return null;
  const { protocol, origin } = new URL(server, document.baseURI);
  return protocol === 'https:' || protocol === 'http:' ? origin : null;
}
