"""A drawn picture of the sofa, for pictures of the inbox."""

from io import BytesIO

from PIL import Image, ImageDraw
from playwright.async_api import FilePayload

WALL, FLOOR, GREEN, DARK, WOOD, LAMP = "#ece5d8", "#c9a77c", "#4f8a64", "#3d6f50", "#6b4a2c", "#f3c66b"
SIZE = (960, 640)
SEEN = (0, 190, 960, 580)


def draw_sofa(name: str = "sofa.png") -> FilePayload:
    """A green sofa before a wall, with a lamp."""
    image = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 500, 960, 640), fill=FLOOR)
    pen.rectangle((836, 290, 846, 540), fill=WOOD)
    pen.polygon(((790, 300), (892, 300), (866, 214), (816, 214)), fill=LAMP)
    for left in (190, 690):
        pen.rectangle((left, 510, left + 22, 560), fill=WOOD)
    pen.rounded_rectangle((170, 250, 730, 480), 36, fill=DARK)
    pen.rounded_rectangle((200, 380, 450, 500), 24, fill=GREEN)
    pen.rounded_rectangle((454, 380, 704, 500), 24, fill=GREEN)
    for left in (140, 680):
        pen.rounded_rectangle((left, 330, left + 80, 520), 34, fill=GREEN)
    pen.rounded_rectangle((240, 296, 340, 388), 20, fill=LAMP)
    file = BytesIO()
    image.crop(SEEN).save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}
