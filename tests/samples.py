"""Small files of each kind that is accepted, and of kinds that are not."""

import io
import zipfile

from PIL import Image


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


def packed() -> bytes:
    """A ZIP archive, as office programs write their documents."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return file.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"
PNG = picture("PNG")

#: name: content, media type, kind, and for pictures width and height
ACCEPTED: dict[str, tuple[bytes, str, str, tuple[int, int] | None]] = {
    "photo.jpg": (picture("JPEG"), "image/jpeg", "IMAGE", (4, 3)),
    "wide.jpg": (picture("JPEG", 640, 2), "image/jpeg", "IMAGE", (640, 2)),
    "drawing.png": (PNG, "image/png", "IMAGE", (4, 3)),
    "immense.png": (picture("PNG", 12_000, 12_000), "image/png", "IMAGE", (12_000, 12_000)),
    "picture.webp": (picture("WEBP"), "image/webp", "IMAGE", (4, 3)),
    "moving.webp": (moving("WEBP"), "image/webp", "IMAGE", (4, 3)),
    "picture.gif": (picture("GIF"), "image/gif", "IMAGE", (4, 3)),
    "moving.gif": (moving("GIF"), "image/gif", "IMAGE", (4, 3)),
    "paper.pdf": (PDF, "application/pdf", "DOCUMENT", None),
    "note.txt": (b"Hello, Bob.\r\n\tAnn\n", "text/plain", "DOCUMENT", None),
    "alphabets.txt": ("Grüße, שלום, 你好, 👋🏽".encode(), "text/plain", "DOCUMENT", None),
    "marked.txt": ("\ufeffwith a byte order mark".encode(), "text/plain", "DOCUMENT", None),
    "long.txt": ("ä".encode() * 100_001, "text/plain", "DOCUMENT", None),
    "one character": (b"x", "text/plain", "DOCUMENT", None),
    "table.csv": (b"a,b\n1,2\n", "text/plain", "DOCUMENT", None),
    "signs.txt": (b"a < b, <ann@market.example>, #1", "text/plain", "DOCUMENT", None),
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
    "archive.zip": packed(),
    "letter.docx": packed(),
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
