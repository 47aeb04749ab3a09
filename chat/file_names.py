"""Names of files: what a client calls them, made into a name that is only a name and starts no program."""

import re

from chat.texts import FILE_NAME

#: Endings by which a double click runs something, or opens a page that does. The bytes are none of these; only the name
#: would make a computer treat them so.
_RUNNABLE_WORDS = """
app appinstaller application appref-ms appx appxbundle asp aspx bat bin chm cmd com command cpl desktop diagcab dll docm
dotm exe gadget hta htm html img inf ins iqy iso jar jnlp js jse jsp library-ms lnk mht mhtml msc msi msix msixbundle
msp mst phar php phtml pif pl potm ppam ppsm pptm ps1 ps1xml psd1 psm1 py pyw rb reg scf scr search-ms
settingcontent-ms sh shb shtml sldm slk svg svgz swf theme udl url vb vbe vbs vbscript vhd vhdx wasm website ws wsc wsf
wsh xaml xbap xht xhtml xla xlam xll xlsb xlsm xltm xml xsl
"""
_RUNNABLE = frozenset(_RUNNABLE_WORDS.split())
#: Devices to Windows, whatever comes after a dot.
_DEVICES = frozenset(
    ["aux", "clock$", "con", "conin$", "conout$", "nul", "prn"]
    + [port + number for port in ("com", "lpt") for number in "0123456789¹²³"]
)
#: A stream of NTFS: `x.bat::$DATA` is the bytes of `x.bat`.
_STREAM = re.compile(r"(?::[^:]{0,255}:\$\w{1,255})+$")
_OPENXML, _OPENDOCUMENT = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
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
    f"{_OPENXML}.wordprocessingml.document": "docx",
    f"{_OPENXML}.spreadsheetml.sheet": "xlsx",
    f"{_OPENXML}.presentationml.presentation": "pptx",
    f"{_OPENDOCUMENT}.text": "odt",
    f"{_OPENDOCUMENT}.spreadsheet": "ods",
    f"{_OPENDOCUMENT}.presentation": "odp",
}


def clean_file_name(name: str) -> str:
    """A name that is only a name: the last part of a path, without control, direction or surrogate characters, no
    stream or device of Windows, and nothing at its end that Windows leaves away."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if character.isprintable()).strip(" .")
    # What is behind the part that is kept must not hide a space, a dot or a device's name.
    short = _shorten(_STREAM.sub("", kept).replace(":", "_")).strip(" .")
    device = short.split(".", 1)[0].strip().casefold() in _DEVICES
    return (_shorten(f"_{short}").strip(" .") if device else short) or "file"


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
