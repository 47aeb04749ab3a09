// Gives Palaver's elements their tokens: each time one is needed, by our own session.
const token = async () => {
  const answer = await fetch('/palaver/token', { method: 'POST' });
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
