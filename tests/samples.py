"""Small files of each kind that is accepted, and of kinds that are not."""

import io

from PIL import Image

from tests import media


def picture(form: str, width: int = 4, height: int = 3) -> bytes:
    """A picture in one of Pillow's formats."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, form)
    return file.getvalue()


def moving(form: str) -> bytes:
    """A picture of two frames."""
    file = io.BytesIO()
    frames = [Image.new("RGB", (4, 3), colour) for colour in ("teal", "plum")]
    frames[0].save(file, form, save_all=True, append_images=frames[1:])
    return file.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"
PNG = picture("PNG")
_WORD, _SHEET, _SLIDES = "wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"

#: name: content, media type, kind, and for pictures width and height
ACCEPTED: dict[str, tuple[bytes, str, str, tuple[int, int] | None]] = {
    "photo.jpg": (picture("JPEG"), "image/jpeg", "IMAGE", (4, 3)),
    "wide.jpg": (picture("JPEG", 640, 2), "image/jpeg", "IMAGE", (640, 2)),
    "drawing.png": (PNG, "image/png", "IMAGE", (4, 3)),
    "large.png": (picture("PNG", 3000, 2000), "image/png", "IMAGE", (3000, 2000)),
    "lying.jpg": (media.photo("JPEG", 6), "image/jpeg", "IMAGE", (20, 40)),
    "picture.webp": (picture("WEBP"), "image/webp", "IMAGE", (4, 3)),
    "moving.webp": (moving("WEBP"), "image/webp", "IMAGE", (4, 3)),
    "picture.gif": (picture("GIF"), "image/gif", "IMAGE", (4, 3)),
    "moving.gif": (moving("GIF"), "image/gif", "IMAGE", (4, 3)),
    "paper.pdf": (PDF, "application/pdf", "DOCUMENT", None),
    "large.pdf": (PDF[:-6] + b"x" * 100_000 + b"\n%%EOF\n", "application/pdf", "DOCUMENT", None),
    "paper with something behind.pdf": (PDF + b"\0" * 2000, "application/pdf", "DOCUMENT", None),
    "newer.pdf": (PDF.replace(b"1.4", b"2.0"), "application/pdf", "DOCUMENT", None),
    "note.txt": (b"Hello, Bob.\r\n\tAnn\n", "text/plain", "DOCUMENT", None),
    "alphabets.txt": ("Grüße, שלום, 你好, 👋🏽".encode(), "text/plain", "DOCUMENT", None),
    "marked.txt": ("\ufeffwith a byte order mark".encode(), "text/plain", "DOCUMENT", None),
    "long.txt": ("ä".encode() * 100_001, "text/plain", "DOCUMENT", None),
    "one character": (b"x", "text/plain", "DOCUMENT", None),
    "table.csv": (b"a,b\n1,2\n", "text/plain", "DOCUMENT", None),
    "signs.txt": (b"a < b, <ann@market.example>, #1", "text/plain", "DOCUMENT", None),
    "letter.docx": (media.openxml(_WORD), media.OPENXML + _WORD, "DOCUMENT", None),
    "sums.xlsx": (media.openxml(_SHEET), media.OPENXML + _SHEET, "DOCUMENT", None),
    "slides.pptx": (media.openxml(_SLIDES), media.OPENXML + _SLIDES, "DOCUMENT", None),
    "letter.odt": (media.opendocument("text"), media.OPENDOCUMENT + "text", "DOCUMENT", None),
    "sums.ods": (media.opendocument("spreadsheet"), media.OPENDOCUMENT + "spreadsheet", "DOCUMENT", None),
    "slides.odp": (media.opendocument("presentation"), media.OPENDOCUMENT + "presentation", "DOCUMENT", None),
    "voice.m4a": (media.mp4(), "audio/mp4", "VOICE", None),
    "recorded by Safari.mp4": (media.recorded_mp4(), "audio/mp4", "VOICE", None),
    "voice.mp3": (media.mp3(), "audio/mpeg", "VOICE", None),
    "voice with a cover.mp3": (media.tagged_mp3(), "audio/mpeg", "VOICE", None),
    "voice.ogg": (media.ogg(), "audio/ogg", "VOICE", None),
    "voice.webm": (media.webm(), "audio/webm", "VOICE", None),
    # What a client says of a file counts for nothing.
    "really a picture.pdf": (PNG, "image/png", "IMAGE", (4, 3)),
    "really a paper.png": (PDF, "application/pdf", "DOCUMENT", None),
    "no ending": (picture("GIF"), "image/gif", "IMAGE", (4, 3)),
}

REFUSED: dict[str, bytes] = {
    "page.html": b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>",
    "page without a type.html": b"<html><script>alert(1)</script></html>",
    "shouting page": b" \r\n\t<HTML><BODY>",
    "marked page": b"\xef\xbb\xbf<html>",
    "page that begins with a remark": b"<!-- nothing --><script>alert(1)</script>",
    "script": b"<script src='https://evil.test/'></script>",
    "frame": b"<iframe src='https://evil.test/'>",
    "picture of a page": b"<img src=x onerror=alert(1)>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "drawing with a head.svg": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "program.sh": b"#!/bin/sh\necho hello\n",
    "program.php": b"<?php echo 1;",
    "letter.rtf": b"{\\rtf1 hello}",
    "program.exe": b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\0" * 100,
    "program for linux": b"\x7fELF\x02\x01\x01" + b"\0" * 100,
    "paper of no version.pdf": PDF.replace(b"1.4", b"x.y"),
    "paper of version 3.pdf": PDF.replace(b"1.4", b"3.0"),
    "paper without an end.pdf": PDF.replace(b"%%EOF", b""),
    "paper that ended long before.pdf": PDF + b"x" * 2048,
    "page called paper.pdf": b"%PDF-<script>alert(1)</script>",
    "archive.zip": media.package(("a.txt", b"hello")),
    "archive called letter.docx": media.package(("word/document.xml", b"<document/>")),
    "program.jar": media.package(("META-INF/MANIFEST.MF", b""), ("Main.class", b"\xca\xfe\xba\xbe")),
    "letter with a program.docx": media.openxml(_WORD, ("word/vbaProject.bin", b"x")),
    "letter that says it has one.docm": media.openxml("wordprocessingml.document", main="macroEnabled.main+xml"),
    "letter of two kinds.docx": media.openxml(
        _WORD, ("y.xml", b""), main=f'main+xml" x="{media.OPENXML}{_SHEET}.main+xml'
    ),
    "letter with a macro.odt": media.opendocument("text", ("Basic/Standard/Module1.xml", b"x")),
    "letter with a script.odt": media.opendocument("text", ("Scripts/python/run.py", b"x")),
    "drawing of another kind.odb": media.opendocument("database"),
    "program with an archive behind": b"MZ\x90\x00" + media.openxml(_WORD),
    "archive that is cut off": media.openxml(_WORD)[:-30],
    "archive of the 64-bit kind": media.openxml(_WORD)[:-22] + b"PK\x06\x07" + b"\0" * 16 + media.openxml(_WORD)[-22:],
    "film.mp4 with sound": media.mp4(b"soun", b"vide"),
    "film.webm": media.webm(1, 2),
    "film.ogv": media.ogg(b"\x80theora" + b"\0" * 30),
    "film.mkv": media.webm(doctype=b"matroska"),
    "sound.mka of another kind": media.webm(3),
    "sound without a track.m4a": media.mp4()[:24],
    "voice of one frame.mp3": media.mp3(1) + b"MZ" + b"\0" * 500,
    "song.mp3": b"ID3\x03\x00\x00\x00\x00\x00\x21" + b"\0" * 100,
    "film.mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 100,
    "picture.bmp": picture("BMP"),
    "picture.tiff": picture("TIFF"),
    "program called photo.jpg": b"MZ\x90\x00" + picture("JPEG"),
    "page called photo.jpg": b"<html><script>alert(1)</script></html>",
    "only the beginning of a JPEG": b"\xff\xd8\xff<script>alert(1)</script>",
    "only the beginning of a PNG": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "only the beginning of a GIF": b"GIF89a",
    "only the beginning of a WebP": b"RIFF\x10\x00\x00\x00WEBP<script>",
    "another RIFF": b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 100,
    "text with a NUL": b"hello\0there",
    "text with an escape": b"hello \x1b[31mred\x1b[0m",
    "text with a bell": b"ding\x07",
    "text that is not UTF-8": "Grüße".encode("latin-1"),
    "text in UTF-16": "hello".encode("utf-16"),
    "text that ends in the middle of a character": "ä".encode()[:1],
    "text that goes wrong late": b"a" * 200_000 + b"\xff",
    "bytes": bytes(range(256)),
}
