// <palaver-thread> and <palaver-inbox>, for pages of a host's application: one script, and all that they need is in it.
import { createElement } from 'react';
import { PalaverElement } from './element';
import { Inbox } from './inbox';
import { Place } from './place';

class PalaverThread extends PalaverElement {
  protected readonly content = createElement(Place);
  protected readonly start = null;
}

class PalaverInbox extends PalaverElement {
  protected readonly content = createElement(Inbox);
  protected readonly start = { at: 'home' } as const;
}

// A page may have the script twice.
if (!customElements.get('palaver-thread')) {
  customElements.define('palaver-thread', PalaverThread);
  customElements.define('palaver-inbox', PalaverInbox);
}
