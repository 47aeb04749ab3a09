// Gives Palaver's elements their tokens: each time one is needed, by our own session and Django's CSRF token.
const token = async () => {
  const proof = document.querySelector('[name=csrfmiddlewaretoken]').value;
  const answer = await fetch('/palaver/token', { method: 'POST', headers: { 'X-CSRFToken': proof } });
  if (!answer.ok) throw new Error(`No token: ${answer.status}`);
  return (await answer.json()).token;
};

for (const element of document.querySelectorAll('palaver-thread, palaver-inbox')) {
  element.token = token;
  element.addEventListener('palaver-unread', (event) => {
    const { count } = event.detail;
    document.title = document.title.replace(/^(\(\d+\) )?/, count ? `(${count}) ` : '');
  });
}
