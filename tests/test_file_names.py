"""Names of files: whatever somebody calls one, Windows runs nothing and opens no device by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.file_names import clean_file_name, safe_file_name
from tests import media

DANGEROUS = [
    "bat",
    "jnlp",
    "slk",
    "iqy",
    "application",
    "appinstaller",
    "chm",
    "ps1xml",
    "xaml",
    "php",
    "docm",
    "xlsm",
    "pptm",
    "exe",
]


@pytest.mark.parametrize("ending", DANGEROUS)
def test_a_name_that_runs_gets_another_ending(ending: str) -> None:
    for name in (f"x.{ending}", f"x.{ending.upper()}", f"x.{ending}. .", f"x.{ending}::$DATA", f"x.{ending}:y:$DATA. "):
        assert shown(name) == f"{clean_file_name(name)}.txt"
        assert clean_file_name(name).casefold() == f"x.{ending}"


@pytest.mark.parametrize("behind", [" ", ".", " .", ". ", "  ..  "])
def test_what_is_cut_off_leaves_no_ending_that_windows_runs(behind: str) -> None:
    """Windows leaves away the spaces and dots at an end, and sees `.bat` then."""
    for room in range(245, 256):
        name = "a" * (room - 4) + ".bat" + behind + "b" * 50
        assert clean_file_name(name) == clean_file_name(name).strip(" .")
        assert not shown(name).rstrip(" .").endswith(".bat")


@pytest.mark.parametrize("device", ["CON", "con", "NUL", "Aux", "prn", "COM1", "lpt9", "COM¹", "CONIN$"])
def test_a_device_is_no_name(device: str) -> None:
    for name in (device, f"{device}.txt", f"{device}.tar.gz", f"{device} .txt", f"/tmp/{device}", f"{device}::$DATA"):
        assert shown(name).startswith(f"_{device}")
    assert shown(device + " " * 300 + "x") == f"_{device}"
    assert len(shown(f"{device}." + "x" * 251)) <= 255


@pytest.mark.parametrize("name", ["console.txt", "com.txt", "COM10.txt", "a.con", "Grüße.pdf", "12.5 cm.png", "x.docx"])
def test_an_ordinary_name_stays(name: str) -> None:
    assert shown(name) == name


def test_a_document_keeps_an_ending_that_opens_it() -> None:
    kind = media.OPENXML + "wordprocessingml.document"
    assert safe_file_name("letter.docm", kind) == "letter.docm.docx"


@given(
    stem=st.text(st.sampled_from("a. :$/\\é"), max_size=12),
    fill=st.integers(0, 260),
    ending=st.sampled_from(DANGEROUS),
    rest=st.text(st.sampled_from(". :$Db"), max_size=60),
)
def test_no_name_runs(stem: str, fill: int, ending: str, rest: str) -> None:
    name = shown("a" * fill + stem + "." + ending + rest)
    assert 0 < len(name) <= 255
    assert name == name.strip(" .")
    assert ":" not in name
    assert "." not in name or name.rpartition(".")[2].casefold() not in DANGEROUS


def shown(name: str) -> str:
    """What others see of a text that somebody calls this."""
    return safe_file_name(clean_file_name(name), "text/plain")
