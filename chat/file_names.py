"""Names of files: what a client calls them, made into a name that is only a name and starts no program."""

from chat.texts import FILE_NAME

#: Endings by which a double click runs something, or opens a page that does. The bytes are none of these; only the name
#: would make a computer treat them so.
_RUNNABLE_WORDS = """
app appref-ms bat bin cmd com command cpl desktop dll exe gadget hta htm html inf ins iso jar js jse lnk mht mhtml
msc msi msp mst pif pl ps1 psm1 py pyw rb reg scf scr settingcontent-ms sh shb shtml svg svgz swf url vb vbe vbs
vbscript wasm ws wsc wsf wsh xht xhtml xml xsl
"""
_RUNNABLE = frozenset(_RUNNABLE_WORDS.split())
_ENDINGS = {
    "text/plain": "txt",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/webm": "weba",
}


def clean_file_name(name: str) -> str:
    """A name that is only a name: the last part of a path, without control, direction or surrogate characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if character.isprintable()).strip(" .")
    return _shorten(kept) or "file"


def safe_file_name(name: str, mime_type: str) -> str:
    """A clean name that runs nothing: `report.exe` that is a text becomes `report.exe.txt`."""
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    return _shorten(f"{name}.{_ENDINGS.get(mime_type, 'bin.txt')}") if ending in _RUNNABLE else name


def _shorten(name: str) -> str:
    """At most 255 characters, of which a short ending is kept."""
    if len(name) <= FILE_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if 0 < len(ending) <= 10 and dot else ""
    return (stem if ending else name)[: FILE_NAME - len(ending)] + ending
