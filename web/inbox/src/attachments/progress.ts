// A fetch that tells how much of a file has been sent: fetch itself does not say, XMLHttpRequest does.

type Listener = (fraction: number) => void;

/** Who listens, by the signal that the request is sent with. */
const listeners = new WeakMap<AbortSignal, Listener>();

export const listenTo = (signal: AbortSignal, listener: Listener): void => {
  listeners.set(signal, listener);
};

export const fetchWithProgress: typeof fetch = (input, init) => {
  const listener = init?.signal ? listeners.get(init.signal) : undefined;
  return listener && init?.signal ? send(String(input), init, init.signal, listener) : fetch(input, init);
};

const send = (url: string, init: RequestInit, signal: AbortSignal, listener: Listener): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => request.abort();
    request.open(init.method ?? 'GET', url);
    for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => listener(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = () => reject(new TypeError('There is no connection.'));
    request.onabort = () => reject(new DOMException('It was given up.', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop);
    if (signal.aborted) request.abort();
    request.send(init.body as XMLHttpRequestBodyInit);
  });
