"""Pictures: made anew from their points, upright, with a small one, and with nothing else that was in the file."""

import io
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms

from core.ids import decode_id
from core.signing import sign
from tests import acts, media, samples
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.shelves import shelved_house
from tests.uploads import give, refusal_of, upload

house, make_house, shelves, shelf = shelved_house(is_crossed=False)
FORMS = ("JPEG", "PNG", "WEBP")


async def fetched(person: Person, url: str) -> bytes:
    """What an address gives."""
    response = await person.http.get(url)
    assert response.status_code == 200
    return response.content


def opened(content: bytes) -> Image.Image:
    """A picture."""
    return Image.open(io.BytesIO(content))


def is_red(image: Image.Image, x: int, y: int) -> bool:
    """Is this point more red than blue?"""
    point: Any = image.convert("RGB").getpixel((x, y))
    return bool(point[0] > 200 and point[2] < 60)


@pytest.mark.parametrize("form", FORMS)
async def test_nothing_of_where_and_when_it_was_taken_is_left(ann: Person, form: str) -> None:
    """In neither of the two pictures, in whatever place of a file a program may put it."""
    more: dict[str, Any] = {"JPEG": {"comment": media.CANARY}, "WEBP": {"xmp": media.CANARY}}.get(form, {})
    content = media.photo(form, **more)
    if form == "PNG":
        content = content.replace(b"IEND", b"IEND", 1)[:33] + chunk(b"tEXt", b"GPS\0" + media.CANARY) + content[33:]
    content += media.CANARY
    assert media.CANARY in content
    file = await give(ann, content, "photo")
    for url in (file["url"], file["thumbnailUrl"]):
        found = await fetched(ann, url)
        assert media.CANARY not in found
        image = opened(found)
        assert not image.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile", "GPS"} & image.info.keys()


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
async def test_nothing_of_it_is_left_in_a_moving_picture_either(ann: Person, form: str) -> None:
    """In what a GIF calls a comment and an application, before and behind its frames; in those of Exif and XMP."""
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    secrets: dict[str, dict[str, Any]] = {
        "GIF": {"comment": media.CANARY},
        "PNG": {"exif": media.exif(6)},
        "WEBP": {"exif": media.exif(6), "xmp": media.CANARY},
    }
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=100, loop=0, **secrets[form])
    content = file.getvalue()
    if form == "GIF":
        remark = b"\x21\xfe" + bytes([len(media.CANARY)]) + media.CANARY + b"\0"
        program = b"\x21\xff\x0bXMP DataXMP" + bytes([len(media.CANARY)]) + media.CANARY + b"\0"
        content = content[:-1] + remark + program + content[-1:]
    content += media.CANARY
    given = await give(ann, content, "film")
    for url in (given["url"], given["thumbnailUrl"]):
        found = await fetched(ann, url)
        image: Any = opened(found)
        assert media.CANARY not in found
        assert not image.getexif()
        assert not {"exif", "comment", "xmp", "GPS"} & image.info.keys()
        assert getattr(image, "n_frames", 1) == (3 if url == given["url"] else 1)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (40, 20), (2, 10)),
        (2, (40, 20), (37, 10)),
        (3, (40, 20), (37, 10)),
        (4, (40, 20), (2, 10)),
        (5, (20, 40), (10, 2)),
        (6, (20, 40), (10, 2)),
        (7, (20, 40), (10, 37)),
        (8, (20, 40), (10, 37)),
        (9, (40, 20), (2, 10)),
    ],
)
async def test_a_picture_is_turned_upright(
    ann: Person, form: str, orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    file = await give(ann, media.photo(form, orientation), "photo")
    assert (file["width"], file["height"]) == size
    for url in (file["url"], file["thumbnailUrl"]):
        image = opened(await fetched(ann, url))
        assert image.size == size
        assert is_red(image, *red)
        assert not is_red(image, size[0] - 1 - red[0], size[1] - 1 - red[1])


@pytest.mark.parametrize(("given", "small"), [((1000, 500), (320, 160)), ((3, 900), (1, 320)), ((4, 3), (4, 3))])
async def test_a_thumbnail_is_small_and_never_larger_than_the_picture(
    ann: Person, given: tuple[int, int], small: tuple[int, int]
) -> None:
    file = await give(ann, samples.picture("PNG", *given))
    response = await ann.http.get(file["thumbnailUrl"])
    assert opened(response.content).size == small
    assert response.headers["content-type"] == "image/webp"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]


@pytest.mark.parametrize(("form", "mime_type"), [("GIF", "image/gif"), ("WEBP", "image/webp"), ("PNG", "image/png")])
async def test_a_moving_picture_goes_on_moving(ann: Person, form: str, mime_type: str) -> None:
    """As often, each frame as long."""
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=2)
    given = await give(ann, file.getvalue())
    assert given["mimeType"] == mime_type
    image: Any = opened(await fetched(ann, given["url"]))
    assert (image.n_frames, image.info.get("loop")) == (3, 2)
    shown = []
    for number, place in enumerate((0, 1, 2)):
        image.seek(number)
        image.load()
        shown.append(image.info["duration"])
        colours = image.convert("RGB").getpixel((4, 4))
        assert colours[place] == max(colours) > 200
    assert shown == [100, 200, 300]
    assert opened(await fetched(ann, given["thumbnailUrl"])).size == (8, 8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
async def test_every_kind_of_points_stays_as_it_was(ann: Person, mode: str) -> None:
    image = Image.new(mode, (5, 4), 1 if mode in ("1", "I;16", "P") else None)
    file = io.BytesIO()
    image.save(file, "PNG")
    again = opened(await fetched(ann, (await give(ann, file.getvalue()))["url"]))
    assert (again.mode, again.tobytes()) == (mode, image.tobytes())


async def test_what_is_clear_stays_clear(ann: Person) -> None:
    """By an alpha channel, and by an entry of the palette."""
    clear = Image.new("RGBA", (6, 6), (255, 0, 0, 0))
    pale = Image.new("P", (6, 6), 0)
    for image, options in ((clear, {}), (pale, {"transparency": 0})):
        file = io.BytesIO()
        image.save(file, "PNG", **options)
        given = await give(ann, file.getvalue())
        for url in (given["url"], given["thumbnailUrl"]):
            found: Any = opened(await fetched(ann, url)).convert("RGBA").getpixel((3, 3))
            assert found[3] == 0


async def test_colours_of_another_space_are_turned_into_common_ones(ann: Person) -> None:
    """A profile that says that red and blue are exchanged is followed, then dropped; one that says nothing is only
    dropped."""
    file = io.BytesIO()
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(file, "JPEG")
    image = opened(await fetched(ann, (await give(ann, file.getvalue()))["url"]))
    assert (image.mode, is_red(image, 4, 4)) == ("RGB", True)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"nonsense" * 20, lab, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()):
        file = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(file, "JPEG", icc_profile=profile)
        image = opened(await fetched(ann, (await give(ann, file.getvalue()))["url"]))
        assert is_red(image, 4, 4)
        assert "icc_profile" not in image.info


def bomb(width: int, height: int) -> bytes:
    """A PNG of so many points of nothing, in few bytes."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (width * 3 + 1)) for _ in range(height)) + rows.flush()
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


async def test_a_bomb_kills_nothing_else(make_house: OpenHouse) -> None:
    """Too many points by its header; too many by its frames; more memory than there is; a lie about its size."""
    async with make_house(max_pixels=1_000_000, max_frames=3) as house, People(house) as people:
        ann = people.ann
        assert await refusal_of(ann, bomb(1001, 1000)) == "TOO_LARGE"
        assert await refusal_of(ann, moving(4, 10)) == "TOO_LARGE"
        assert await refusal_of(ann, moving(3, 600)) == "TOO_LARGE"
        assert await refusal_of(ann, bomb(1000, 1000)[:-200]) == "UNSUPPORTED_MEDIA_TYPE"
        assert (await give(ann, bomb(1000, 1000)))["width"] == 1000
        assert (await give(ann, moving(3, 10)))["width"] == 10


def moving(frames: int, side: int) -> bytes:
    """A GIF of frames that differ."""
    file = io.BytesIO()
    pictures = [Image.new("RGB", (side, side), (number * 9, 0, 0)) for number in range(frames)]
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:])
    return file.getvalue()


async def test_a_picture_that_needs_too_much_memory_or_time_is_refused(make_house: OpenHouse) -> None:
    """The process that looks into it ends; the server goes on, and has nothing of it left."""
    for limit in ({"inspection_memory": 268_435_456, "max_pixels": 400_000_000}, {"inspection_seconds": 0.001}):
        async with make_house(**limit) as house, People(house) as people:
            payload = await upload(people.ann, bomb(16_000, 16_000) if "max_pixels" in limit else samples.PNG)
            [error] = payload["errors"]
            assert (error["code"], error["path"]) == ("TOO_LARGE", ["input", "file"])
            assert (await give(people.ann, b"Hello"))["mimeType"] == "text/plain"
            assert await people.ann.ask("{ viewer { id } }")


async def test_the_address_of_a_picture_opens_not_the_small_one_nor_the_other_way_round(ann: Person) -> None:
    file = await give(ann, samples.PNG, "thumbnail.webp")
    whole, small = file["url"], file["thumbnailUrl"]
    start = len(ann.house.url) + len("/files/")
    assert (await ann.http.get(whole)).headers["content-type"] == "image/png"
    assert (await ann.http.get(small)).headers["content-type"] == "image/webp"
    mixed = (
        whole.removesuffix("/thumbnail.webp") + "/thumbnail/thumbnail.webp",
        small.removesuffix("/thumbnail/thumbnail.webp") + "/thumbnail.webp",
    )
    assert (await ann.http.get(mixed[0])).status_code == (await ann.http.get(mixed[1])).status_code == 404
    for place in range(start, len(small)):
        if small[place] != "/":
            changed = small[:place] + ("1" if small[place] == "0" else "0") + small[place + 1 :]
            assert (await ann.http.get(changed)).status_code == 404, place
    paper = (await give(ann, samples.PDF, "paper.pdf"))["url"].rpartition("/")[0]
    assert (await ann.http.get(f"{paper}/thumbnail/thumbnail.webp")).status_code == 404


async def test_a_small_picture_is_seen_by_those_who_see_the_message(people: People, thread: str) -> None:
    """Not by a stranger, not before it is sent, and with a signature of the server's own neither."""
    ann, bob, cy = people.ann, people.bob, people.cy
    file = await give(ann, samples.PNG)
    parts = file["thumbnailUrl"].split("/")
    signing_key = ann.house.palaver.signing_key

    async def status(person: Person) -> int:
        viewer = await viewer_of(person)
        signature = sign(signing_key, "thumbnail", parts[4], viewer, int(parts[6]))
        url = "/".join([*parts[:5], viewer, parts[6], signature, *parts[8:]])
        return (await person.http.get(url)).status_code

    assert [await status(person) for person in (ann, bob, cy)] == [200, 404, 404]
    fields = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": acts.key()}
    assert (await ann.ask(acts.SEND, input=fields))["errors"] == []
    assert [await status(person) for person in (ann, bob, cy)] == [200, 200, 404]


async def viewer_of(person: Person) -> str:
    """A person's own part of addresses."""
    decoded = decode_id((await person.ask("{ viewer { user { id } } }"))["user"]["id"])
    assert decoded is not None
    return decoded[1]
