"""Tells MP3 by its frames: a few bytes alone begin like one by chance."""

from pathlib import Path

#: Kilobits in a second, by index, of MPEG-1 and of MPEG-2.
_RATES = (
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
#: Samples in a second, by version and index.
_SAMPLES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_FRAMES = 3


def is_mp3(path: Path, head: bytes) -> bool:
    """Are there frames one after another, at the beginning or after the tag that is there?"""
    place = 0
    if head[:3] == b"ID3":
        seven = head[6:10]
        if len(seven) < 4 or max(seven) > 127:
            return False
        place = 10 + (seven[0] << 21 | seven[1] << 14 | seven[2] << 7 | seven[3])
    elif head[:1] != b"\xff":
        return False
    with path.open("rb") as file:
        for _ in range(_FRAMES):
            file.seek(place)
            length = _length_of_frame(file.read(4))
            if length is None:
                return False
            place += length
    return True


def _length_of_frame(head: bytes) -> int | None:
    """How many bytes the frame has; None when it is no frame of layer III."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    samples, rate, sample = _SAMPLES.get(head[1] >> 3 & 3), head[2] >> 4, head[2] >> 2 & 3
    if samples is None or not 1 <= rate <= 14 or sample == 3:
        return None
    is_first = head[1] >> 3 & 3 == 3
    kilobits = _RATES[0 if is_first else 1][rate - 1]
    return (144_000 if is_first else 72_000) * kilobits // samples[sample] + (head[2] >> 1 & 1)
