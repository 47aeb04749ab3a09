"""Addresses that an object store takes one file at: signed anew, so that its length is signed too.

The libraries for stores sign the host alone. Then whoever has the address may PUT as much as the store takes in one
piece, which is gigabytes, and it stays until somebody looks. A store of S3's (Signature Version 4) refuses a PUT whose
signed headers are other ones.
"""

import hmac
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlsplit

_HEADERS = "content-length;host"


def bind_length(url: str, secret: str, byte_size: int) -> str:
    """The same address to PUT to, for a body of so many bytes and no other; of the secret that it was signed with."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    del given["X-Amz-Signature"]
    given["X-Amz-SignedHeaders"] = _HEADERS
    query = "&".join(sorted(f"{_quoted(name)}={_quoted(value)}" for name, value in given.items()))
    headers = f"content-length:{byte_size}\nhost:{parts.netloc}\n"
    request = f"PUT\n{parts.path}\n{query}\n{headers}\n{_HEADERS}\nUNSIGNED-PAYLOAD"
    # The key's own name may have slashes, what follows it has none.
    scope = given["X-Amz-Credential"].rsplit("/", 4)[1:]
    words = (given["X-Amz-Algorithm"], given["X-Amz-Date"], "/".join(scope), sha256(request.encode()).hexdigest())
    key = f"AWS4{secret}".encode()
    for word in scope:
        key = hmac.digest(key, word.encode(), "sha256")
    signature = hmac.digest(key, "\n".join(words).encode(), "sha256").hex()
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{query}&X-Amz-Signature={signature}"


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
