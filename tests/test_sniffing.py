"""What a file is: no bytes whatever are a fault, and nothing is taken for what it only begins like."""

import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.inspection import answer_of
from core.sniffing import sniff
from tests import samples

many = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
pictures = st.sampled_from([picture for picture, *_ in samples.ACCEPTED.values() if len(picture) < 5000])


def look(folder: Path, content: bytes) -> str | None:
    """The media type that is found."""
    path = folder / "file"
    path.write_bytes(content)
    found = sniff(path)
    return None if found is None else found.mime_type


@many
@given(content=st.binary(max_size=200))
def test_any_bytes_are_looked_into_without_a_fault(tmp_path: Path, content: bytes) -> None:
    look(tmp_path, content)


@many
@given(content=pictures, place=st.integers(0, 4999), byte=st.integers(0, 255), length=st.integers(0, 5000))
def test_a_damaged_picture_is_no_fault(tmp_path: Path, content: bytes, place: int, byte: int, length: int) -> None:
    damaged = bytearray(content)
    damaged[place % len(damaged)] = byte
    look(tmp_path, bytes(damaged))
    look(tmp_path, content[:length])
    look(tmp_path, content[: place % len(content)] + bytes(damaged))


@many
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_text_is_text_unless_it_begins_like_a_page_or_a_program(tmp_path: Path, text: str) -> None:
    expected = None if text.lstrip("\ufeff \t\r\n\f").startswith(("<", "#!", "{\\rtf", "%PDF")) else "text/plain"
    assert look(tmp_path, text.encode()) in {expected, "text/plain"}


@many
@given(name=st.sampled_from(sorted(samples.ACCEPTED)), cut=st.integers(0, 3000), byte=st.binary(max_size=4))
def test_a_damaged_file_is_a_refusal_and_no_other_fault(tmp_path: Path, name: str, cut: int, byte: bytes) -> None:
    """Whatever goes wrong in who looks closely is said in a word."""
    content = samples.ACCEPTED[name][0][:5000]
    path = tmp_path / "file"
    path.write_bytes(content[: cut % len(content)] + byte + content[cut % len(content) + len(byte) :])
    found = sniff(path)
    if found is None:
        return
    asked = {"source": str(path), "mime_type": found.mime_type, "pixels": 10_000, "frames": 3, "side": 32}
    answer = answer_of({**asked, "target": str(tmp_path / "target"), "thumbnail": str(tmp_path / "thumbnail")})
    assert answer.get("fault") in (None, "unreadable", "too much")


@pytest.mark.parametrize(("width", "height"), [(65_535, 65_535), (30_000, 30_000), (101, 100)])
def test_a_picture_is_measured_before_it_is_unpacked(tmp_path: Path, width: int, height: int) -> None:
    """The header of a PNG of 900 million points takes as little as that of a small one."""
    header = samples.PNG[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    path = tmp_path / "picture.png"
    path.write_bytes(header + samples.PNG[24:29] + crc(header[12:] + samples.PNG[24:29]) + samples.PNG[33:])
    asked = {"source": str(path), "mime_type": "image/png", "pixels": 10_000, "frames": 3, "side": 32}
    answer = answer_of({**asked, "target": str(tmp_path / "target"), "thumbnail": str(tmp_path / "thumbnail")})
    assert answer == {"fault": "too much"}


def crc(chunk: bytes) -> bytes:
    """The check sum of a PNG's chunk."""
    return zlib.crc32(chunk).to_bytes(4, "big")
