"""Files of each kind as programs write them, made byte by byte: sound, office documents, and pictures with secrets."""

import io
import struct
import zipfile
from typing import Any

from PIL import Image

#: Stands in the metadata of pictures, and must be found nowhere afterwards.
CANARY = b"51 deg 30 N canary"


def exif(orientation: int = 1) -> Image.Exif:
    """What a camera writes: how it was held, by whom, and where."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = CANARY.decode()
    found.get_ifd(0x8825)[1] = "N"
    found.get_ifd(0x8825)[2] = (51.0, 30.0, 12.345)
    found.get_ifd(0x8825)[27] = CANARY
    return found


def photo(form: str, orientation: int = 1, **more: Any) -> bytes:
    """40 by 20 points, the left half red and the right half blue, with everything that a camera writes."""
    image = Image.new("RGB", (40, 20), "blue")
    image.paste("red", (0, 0, 20, 20))
    file = io.BytesIO()
    image.save(file, form, exif=exif(orientation), **more)
    return file.getvalue()


def package(first: tuple[str, bytes], *others: tuple[str, bytes], store_first: bool = False) -> bytes:
    """A ZIP archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(*first, compress_type=zipfile.ZIP_STORED if store_first else zipfile.ZIP_DEFLATED)
        for name, content in others:
            archive.writestr(name, content)
    return file.getvalue()


OPENXML = "application/vnd.openxmlformats-officedocument."
OPENDOCUMENT = "application/vnd.oasis.opendocument."


def openxml(kind: str, *others: tuple[str, bytes], main: str = "main+xml") -> bytes:
    """A document of Office, such as wordprocessingml.document."""
    types = f'<Types><Override PartName="/x.xml" ContentType="{OPENXML}{kind}.{main}"/></Types>'
    return package(("[Content_Types].xml", types.encode()), ("x.xml", b"<x/>"), *others)


def opendocument(kind: str, *others: tuple[str, bytes]) -> bytes:
    """A document of OpenDocument, such as text."""
    first = ("mimetype", f"{OPENDOCUMENT}{kind}".encode())
    return package(first, ("META-INF/manifest.xml", b"<manifest/>"), *others, store_first=True)


def mp3(frames: int = 100) -> bytes:
    """Silence in MPEG-1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes and 1,152 samples a frame."""
    return (b"\xff\xfb\x90\x00" + b"\0" * 413) * frames


def tagged_mp3(tag: int = 200_000) -> bytes:
    """The same after a large tag, as one with a cover picture."""
    size = bytes(tag >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + b"\0" * tag + mp3()


def _page(flags: int, granule: int, number: int, payload: bytes) -> bytes:
    segments = [255] * (len(payload) // 255) + [len(payload) % 255]
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, 7, number, 0, len(segments))
    return head + bytes(segments) + payload


def ogg(first: bytes = b"OpusHead\x01\x01" + struct.pack("<HIHB", 0, 48_000, 0, 0)) -> bytes:
    """Three seconds of Opus."""
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    return _page(2, 0, 0, first) + _page(0, 0, 1, tags) + _page(4, 144_000, 2, b"\0" * 100)


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _track(handler: bytes, duration: int) -> bytes:
    head = _box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 48_000, duration, 0, 0))
    return _box(b"trak", _box(b"mdia", head, _box(b"hdlr", struct.pack(">II4s12x", 0, 0, handler) + b"\0")))


def mp4(*handlers: bytes, brand: bytes = b"M4A ", duration: int = 120_000) -> bytes:
    """Two and a half seconds, of these tracks: sound alone unless said otherwise."""
    tracks = (_track(handler, duration) for handler in handlers or (b"soun",))
    return _box(b"ftyp", brand, b"\0\0\0\0isom") + _box(b"moov", *tracks) + _box(b"mdat", b"\0" * 50)


def recorded_mp4() -> bytes:
    """One second in pieces, as browsers record: the head does not know how long it became."""
    extends = _box(b"mvex", _box(b"trex", struct.pack(">IIIIII", 0, 1, 1, 1024, 0, 0)))
    head = _box(b"ftyp", b"iso5\0\0\0\0") + _box(b"moov", _track(b"soun", 0), extends)
    first = _box(b"tfhd", struct.pack(">II", 0, 1)) + _box(b"trun", struct.pack(">II", 0, 20))
    sized = struct.pack(">II", 0x300, 2)
    second = _box(b"tfhd", struct.pack(">III", 8, 1, 960)) + _box(
        b"trun", sized, struct.pack(">IIII", 13_000, 9, 14_520, 9)
    )
    return head + b"".join(_box(b"moof", _box(b"traf", piece)) + _box(b"mdat", b"\0" * 9) for piece in (first, second))


def _element(name: bytes, content: bytes) -> bytes:
    return (
        name + struct.pack(">BI", 0x08, len(content)) + content
        if len(content) > 126
        else (name + bytes([0x80 | len(content)]) + content)
    )


def webm(*types: int, doctype: bytes = b"webm", duration: float | None = None) -> bytes:
    """As browsers record: sizes that nobody knows yet, two clusters, the last block 4.02 seconds late."""
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", doctype))
    info = _element(b"\x2a\xd7\xb1", b"\x0f\x42\x40")
    if duration is not None:
        info += _element(b"\x44\x89", struct.pack(">d", duration))
    tracks = b"".join(_element(b"\xae", _element(b"\x83", bytes([kind]))) for kind in types or (2,))
    clusters = b""
    for time in (0, 4000):
        block = _element(b"\xa3", b"\x81" + struct.pack(">hB", 20, 0x80) + b"\0" * 30)
        clusters += b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + _element(b"\xe7", struct.pack(">H", time)) + block
    body = _element(b"\x15\x49\xa9\x66", info) + _element(b"\x16\x54\xae\x6b", tracks) + clusters
    return head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + body
