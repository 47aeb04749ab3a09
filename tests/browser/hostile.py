"""Two hundred texts that would like to be more than text: scripts, addresses that run, bidi tricks, broken markup."""

import itertools

#: What runs, if anything does, says so here.
ALARM = "globalThis.alarm=1"

_CALLS = (ALARM, f"({ALARM})", f"eval('{ALARM}')", f"setTimeout('{ALARM}')")
_TAGS = (
    "<script>{}</script>",
    "</textarea><script>{}</script>",
    "</title><script>{}</script>",
    "--><script>{}</script><!--",
    "]]><script>{}</script>",
    "<img src=x onerror={}>",
    '<img src="x" onerror="{}">',
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<math><mi xlink:href='javascript:{}'>x</mi></math>",
    "<body onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<iframe src=javascript:parent.{}></iframe>",
    "<details open ontoggle={}>x</details>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<a href=javascript:{}>x</a>",
    "<form action=javascript:{}><button>x</button></form>",
    "<object data=javascript:{}></object>",
    "<embed src=javascript:{}>",
    "<base href=javascript:{}//>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<template><script>{}</script></template>",
    "<noscript><p title='</noscript><script>{}</script>'></noscript>",
    "<style>@import 'javascript:{}';</style>",
    "<marquee onstart={}>x</marquee>",
    "<p style=animation-name:x onanimationstart={}>x</p>",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
)
_ADDRESSES = (
    "javascript:{}",
    "JaVaScRiPt:{}",
    "java\tscript:{}",
    "java\nscript:{}",
    "\u0001javascript:{}",
    " javascript:{}",
    "javascript://example.org/%0a{}",
    "javascript&colon;{}",
    "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:{}",
    "blob:https://example.org/{}",
    "file:///etc/passwd?{}",
    "[x](javascript:{})",
    "![x](javascript:{})",
    "<javascript:{}>",
    'https://example.org/" onmouseover="{}',
    "https://example.org/' onmouseover='{}",
    "https://example.org/><script>{}</script>",
    "http://javascript:{}@example.org/",
)
_TRICKS = (
    "\u202eevil.exe\u202c",
    "\u2066\u2067\u2068 never closed",
    "\u202b\u202e\u202d" * 30 + "x",
    "https://bank.example\u202e/moc.live//:sptth",
    "https://bank.example\u2066.evil.example",
    "https://bank.example\u200b.evil.example",
    "https://b\u0430nk.example/",
    "https://user:password@evil.example/",
    "a" * 3900,
    "\u0301" * 500,
    "Z\u0351\u036b\u0343\u036a\u0302" * 60,
    "\u200f\u200e" * 200 + "x",
    "\ufeffx\ufeff",
    "\u2028x\u2029y",
    "&lt;script&gt;&#x3c;script&#62;",
    "\u00ad" * 100 + "soft",
    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67".encode("utf-16", "surrogatepass").decode("utf-16") * 50,
    "__proto__",
    "constructor",
    "undefined null NaN [object Object]",
)


def few() -> list[str]:
    """One of each kind: it runs at once."""
    return [*(form.format(ALARM) for form in _TAGS + _ADDRESSES), *_TRICKS]


def texts() -> list[str]:
    """All of them; none is blank, and none is longer than a message may be."""
    runs = [form.format(call) for form, call in itertools.product(_TAGS + _ADDRESSES, _CALLS)]
    return list(dict.fromkeys([*runs, *_TRICKS]))
