"""Text that a browser would run is refused, and what people write to each other is not."""

from pathlib import Path

import pytest

from core.sniffing import HEAD, sniff

BEGINNINGS = [
    "<svg:svg xmlns:svg='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "<é:script xmlns:é='http://www.w3.org/1999/xhtml'>alert(1)</é:script>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "<!-- a remark --><center>",
    "<x onfocus=alert(1) autofocus>",
    "<x-y id=a onclick = 'alert(1)'>",
    "</p><u>",
    "<foreignObject>",
    "<CENTER\n><script>alert(1)</script>",
    *(
        f"<{name} x>"
        for name in [
            "center",
            "object",
            "embed",
            "form",
            "input",
            "video",
            "math",
            "frameset",
            "ul",
            "h2",
            "span",
            "a",
            "audio",
            "base",
            "button",
            "details",
            "dialog",
            "isindex",
            "image",
            "marquee",
            "template",
            "textarea",
            "xmp",
            "plaintext",
            "animate",
            "use",
            "g",
            "path",
            "set",
        ]
    ),
]
ANYWHERE = [
    "<script>",
    "<SCRIPT src=x>",
    "<html>",
    "<svg/onload=x>",
    "<!DocType html>",
    "<!entity x 'y'>",
    "<?XML version='1'?>",
]
ORDINARY = [
    "<ann@example.org> wrote on Monday:\n> Hello",
    "<b@example.org>",
    "From: Ann <ann@example.org>\nTo: <bob@example.org>\n\nHello <3",
    "a < b and b > c",
    "<- see there",
    "<3",
    "<https://example.org/a> is where it is",
    "<mailto:ann@example.org>",
    "# Heading\n\n<b>bold</b> and `<div>` and <br>\n\n- a\n- b",
    "#include <vector>\n#include <string>\nstd::vector<svg::Node> nodes; std::map<Html, Script> all;",
    "const all: Array<HTMLElement> = []; let one: Set<SVGElement>; run<ScriptKind>();",
    "a,b\n<1,>2\n",
    "2026-11-28T21:00:00Z INFO <main> started on=1 at <0x7f>",
    "<alice> hi, are you on = off?\n<bob> yes",
    "<note><to>Ann</to></note>",
    '{"a": "<1"}',
    "<" * 1000,
]


def kind_of(folder: Path, content: bytes) -> str | None:
    """The media type that is found."""
    path = folder / "file"
    path.write_bytes(content)
    found = sniff(path)
    return None if found is None else found.mime_type


@pytest.mark.parametrize("text", BEGINNINGS)
@pytest.mark.parametrize("before", ["", "\ufeff", " \r\n\t\f", "\n" * 60_000, "\n" * (HEAD - 4)], ids=len)
def test_a_text_that_begins_like_a_page_is_refused(tmp_path: Path, text: str, before: str) -> None:
    assert kind_of(tmp_path, (before + text + " hello" * 50).encode()) is None


@pytest.mark.parametrize("sign", ANYWHERE)
@pytest.mark.parametrize("before", ["hi", "hi <b> ", "x\n" * 30_000], ids=len)
def test_a_text_that_holds_a_page_is_refused(tmp_path: Path, sign: str, before: str) -> None:
    assert kind_of(tmp_path, (before + sign + "alert(1)").encode()) is None
    assert kind_of(tmp_path, (before + sign).encode()) is None


@pytest.mark.parametrize("text", ORDINARY, ids=lambda text: text[:20])
def test_what_people_write_is_text(tmp_path: Path, text: str) -> None:
    assert kind_of(tmp_path, text.encode()) == "text/plain"
    assert kind_of(tmp_path, (text + "\nmore of it" * 10_000).encode()) == "text/plain"


@pytest.mark.parametrize("unit", ["<", "<a:", "</", "<x/on", "<x on", "<x " + "/on a" * 100, "a" * 64 + ":"])
def test_a_text_of_nothing_but_beginnings_is_looked_through_once(tmp_path: Path, unit: str) -> None:
    """No pattern goes back over the text again and again: that would take minutes here."""
    assert kind_of(tmp_path, b"<x" + unit.encode() * (HEAD // len(unit))) == "text/plain"
