/** The market's pages. */

import { URL as chatUrl } from './chat.js';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

class Html {
  constructor(text) {
    this.text = text;
  }
}

const written = (value) => {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(written).join('');
  if (value === undefined || value === null || value === false) return '';
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]);
};

/** HTML, in which every value is text, unless it is HTML itself. */
const html = (strings, ...values) => new Html(String.raw({ raw: strings }, ...values.map(written)));

const REFUSALS = {
  IS_OWNER: 'Nobody has written yet.',
  SUBJECT_CLOSED: 'It is sold.',
  BLOCKED: 'You cannot write to each other.',
  STRANGER_LIMIT: 'You have asked many people; wait for an answer.',
};

const page = (visitor, title, main, head) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/static/market.css">
    ${head}
  </head>
  <body>
    <header>
      <a href="/">The market</a>
      ${visitor && html`<a href="/messages">Messages</a>
      <form method="post" action="/sign-out">${visitor.name} <button>Sign out</button></form>`}
    </header>
    <main>${main}</main>
  </body>
</html>`.text;

const elements = html`<script type="module" src="${chatUrl}/elements/palaver.js"></script>
    <script type="module" src="/static/chat.js"></script>`;

const signing = (action, words) => html`
<form method="post" action="${action}">
  <label>Name <input name="name" required maxlength="50"></label>
  <label>Password <input name="password" type="password" required minlength="8" maxlength="200"></label>
  <button>${words}</button>
</form>`;

const offering = html`
<form method="post" action="/listings">
  <label>What do you sell? <input name="title" required maxlength="200"></label>
  <button>Offer it</button>
</form>`;

/** The newest listings. */
export const market = (visitor, listings) =>
  page(visitor, 'The market', html`${visitor ? offering : [signing('/sign-in', 'Sign in'), signing('/register', 'Register')]}
<ul>
  ${listings.map((one) => html`<li><a href="/listings/${one.id}">${one.title}</a>${one.sold ? ' (sold)' : ''}</li>`)}
</ul>`);

const contact = (visitor, listing, subject, key, problem) => {
  const threads = subject?.conversations.edges.map(({ node }) => html`
<p>
  <a href="/conversations/${node.id}">Conversation with ${node.counterpart.user.name}</a>
  ${node.unreadCount > 0 && html`(${node.unreadCount} unread)`}
</p>`);
  if (threads?.length) return threads;
  if (!visitor) return html`<p>Sign in to contact ${listing.name}.</p>`;
  if (!subject) return problem ? '' : html`<p>It can be asked about in a moment.</p>`;
  if (!subject.viewerCanContact) return html`<p>${REFUSALS[subject.contactRefusal] ?? 'You cannot write about it.'}</p>`;
  return html`<form method="post" action="/listings/${listing.id}/contact">
  <input type="hidden" name="key" value="${key}">
  <label>Your question <textarea name="body" required maxlength="4000" placeholder="Is it still for sale?"></textarea></label>
  <button>Contact ${listing.name}</button>
</form>`;
};

/** A listing: who wrote, a form to write, or the reason why there is none. */
export const listing = (visitor, listing, subject, key, problem) => {
  const isMine = visitor?.id === listing.seller_id;
  return page(visitor, listing.title, html`<h1>${listing.title}</h1>
<p>${listing.name} ${listing.sold ? 'has sold' : 'sells'} it.</p>
${problem && html`<p role="alert">${problem}</p>`}
${isMine && !listing.sold && html`<form method="post" action="/listings/${listing.id}/close"><button>It is sold</button></form>`}
${contact(visitor, listing, subject, key, problem)}`);
};

/** A conversation, by Palaver's element. */
export const conversation = (visitor, { id, subjectSnapshot }) =>
  page(visitor, subjectSnapshot.title, html`<h1>${subjectSnapshot.title}</h1>
<palaver-thread server="${chatUrl}" conversation="${id}" lang="en" theme="light"></palaver-thread>`, elements);

/** All conversations of whoever looks. */
export const messages = (visitor) =>
  page(visitor, 'Messages', html`<palaver-inbox server="${chatUrl}" lang="en" theme="light"></palaver-inbox>`, elements);
