"""Text that a browser, a shell or an office program would run, whatever its name: no plain text."""

import re

_BLANK = b"\xef\xbb\xbf \t\r\n\f"
#: No ordinary text has so little in its first 64 KiB; a tag's name may be cut off there.
_LEAST = 128
#: The elements of HTML, those that were given up and are still obeyed too, and the roots of MathML and SVG.
_HTML = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br
button canvas caption center cite code col colgroup command content data datalist dd del details dfn dialog dir div dl
dt element em embed fencedframe fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
header hgroup hr html i iframe image img input ins isindex kbd keygen label layer legend li link listing main map mark
marquee math menu menuitem meta meter multicol nav nextid nobr noembed noframes nolayer noscript object ol optgroup
option output p param picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp script search section select
shadow slot small source spacer span strike strong style sub summary sup svg table tbody td template textarea tfoot th
thead time title tr track tt u ul var video wbr xml xmp
"""
#: The elements of SVG 1.1 and 2 that are none of HTML's.
_SVG = """
altglyph altglyphdef altglyphitem animate animatecolor animatemotion animatetransform circle clippath color-profile
cursor defs desc discard ellipse feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix
fediffuselighting fedisplacementmap fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur
feimage femerge femergenode femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence
filter font-face font-face-format font-face-name font-face-src font-face-uri foreignobject g glyph glyphref handler
hatch hatchpath hkern line lineargradient marker mask mesh meshgradient meshpatch meshrow metadata missing-glyph mpath
path pattern polygon polyline radialgradient rect set solidcolor stop switch symbol text textpath tref tspan unknown
use view vkern
"""
_ELEMENTS = "|".join(sorted(re.escape(name) for name in {*_HTML.split(), *_SVG.split()})).encode()
#: A namespace's prefix, by which XML calls the same element.
_PREFIX = rb"(?:[^\s<>/:=\"']{1,64}:)?"
_END = rb"(?:[\s/>]|\Z)"
_beginning = re.compile(
    rb"<!--|<!\[CDATA|<\?(?:php|=)|#!|\{\\rtf|"
    rb"</?" + _PREFIX + rb"(?:" + _ELEMENTS + rb")" + _END + rb"|"
    # An element of any name runs what its attributes say.
    rb"<[a-z][^>]*?[\s/\"']on[a-z]+\s*=",
    re.IGNORECASE,
)
#: These make a page or a drawing of what is before them too. A name must end: `Array<HTMLElement>` is a program.
_anywhere = re.compile(rb"<!(?:doctype|entity)|<\?xml|<" + _PREFIX + rb"(?:script|html|svg)" + _END, re.IGNORECASE)


def is_active(head: bytes, *, is_whole: bool) -> bool:
    """Whether text begins like a page, a drawing or a program, or holds one. `head` is its first part or all of it."""
    text = head.lstrip(_BLANK)
    if not is_whole and len(text) < _LEAST:
        return True
    return bool(_beginning.match(text) or _anywhere.search(head))
