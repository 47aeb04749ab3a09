"""Makes a picture anew from its points alone: upright, in common colours, in the same format; and a small one of it.

What else the file held (where and when it was taken, with what, a hidden second picture, whatever follows its end) is
not carried over. Runs in a process of its own (core/inspection.py), since decoders are large and files are hostile.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms
from PIL.GifImagePlugin import GifImageFile
from PIL.Image import Transpose
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

#: No other decoder is ever tried, whatever the bytes say.
FORMATS: dict[str, type[ImageFile]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
    "image/gif": GifImageFile,
}
THUMBNAIL_TYPE = "image/webp"
_ORIENTATION = 0x0112
#: How a picture is turned that was taken at an orientation, by Exif's numbers; 1 is upright.
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_QUALITY: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}}


class TooMuch(Exception):
    """The picture has more points or frames than are accepted."""


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """`pixels`: of all frames together. `side`: the longer side of the small picture, in pixels."""

    pixels: int
    frames: int
    side: int


def remake(source: Path, mime_type: str, target: Path, thumbnail: Path, limits: PictureLimits) -> tuple[int, int]:
    """Write the picture anew, and a small one; width and height as it is now. TooMuch, or whatever Pillow raises."""
    with source.open("rb") as file, FORMATS[mime_type](file) as image:
        if image.width * image.height > limits.pixels:
            raise TooMuch
        count = 1 if mime_type == "image/jpeg" else getattr(image, "n_frames", 1)
        if count > limits.frames or count * image.width * image.height > limits.pixels:
            raise TooMuch
        loop = image.info.get("loop")
        image.load()  # Only now PNG knows what stands behind its points.
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
        frames = _frames(image, count, turn)
        first, duration = next(frames)
        _save_small(first, thumbnail, limits.side)
        form = image.format or ""
        if count == 1:
            first.save(target, form, **_QUALITY.get(form, {}))
        else:
            _save_moving(first, duration, frames, target, form, loop)
        return first.size


def _frames(image: ImageFile, count: int, turn: Transpose | None) -> Iterator[tuple[Image.Image, int]]:
    """Each frame, and how long it is shown in milliseconds."""
    for number in range(count):
        if number:
            image.seek(number)
        image.load()  # Only now WebP knows how long the frame is shown.
        duration = int(image.info.get("duration", 0))
        frame = image.copy() if turn is None else image.transpose(turn)
        frame = _in_common_colours(frame, image.info.get("icc_profile"))
        # Saving would write what is in here: comments, profiles, text. Only a palette's transparent entry is a point's.
        frame.info = {"transparency": image.info["transparency"]} if "transparency" in frame.info else {}
        frame.getexif().clear()
        yield frame, duration


def _save_moving(
    first: Image.Image,
    duration: int,
    rest: Iterator[tuple[Image.Image, int]],
    target: Path,
    form: str,
    loop: int | None,
) -> None:
    others = [*rest]
    durations = [duration, *(shown for _, shown in others)]
    options = {} if loop is None else {"loop": loop}
    frames = [frame for frame, _ in others]
    first.save(
        target, form, save_all=True, append_images=frames, duration=durations, **options, **_QUALITY.get(form, {})
    )


def _in_common_colours(frame: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB, as a picture without a profile is taken to be."""
    if profile and frame.mode in ("RGB", "RGBA", "CMYK"):
        mode = "RGB" if frame.mode == "CMYK" else frame.mode
        try:
            given, common = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(frame, given, common, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            turned = None  # A profile that says nothing: the colours are as they are.
        if turned is not None:
            return turned
    return frame.convert("RGB") if frame.mode == "CMYK" else frame


def _save_small(frame: Image.Image, target: Path, side: int) -> None:
    if frame.mode.startswith("I"):
        frame = frame.point(lambda value: value * (1 / 256)).convert("L")  # 16 bits of grey
    is_clear = "transparency" in frame.info or frame.mode in ("LA", "PA", "RGBA", "RGBa", "La")
    if frame.mode != "RGB":
        frame = frame.convert("RGBA" if is_clear else "RGB")
    scale = min(1.0, side / max(frame.size))
    size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    frame.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).save(target, "WEBP", quality=80)
