"""Every planted fault can still be planted; whether each is caught is played by `make mutants`."""

import py_compile
from pathlib import Path

import pytest

from tests.faults.ground import ground_of
from tests.faults.planting import FLOORS, MUTANTS, PATCHES, Mutant, copy_with, play_mutant

NAMES = [mutant.name for mutant in MUTANTS]


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_planted_fault_applies_and_compiles(mutant: Mutant, tmp_path: Path) -> None:
    changed = [line.removeprefix("+++ b/") for line in mutant.patch.read_text("utf-8").splitlines() if "+++ b/" in line]
    assert changed
    with copy_with(mutant.patch) as copy:
        for name in changed:
            assert name.partition("/")[0] in FLOORS
            py_compile.compile(str(copy / name.split("\t")[0]), cfile=str(tmp_path / "compiled"), doraise=True)


def test_every_patch_has_its_play() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in PATCHES.glob("*.patch"))


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
async def test_a_planted_fault_is_caught(mutant: Mutant) -> None:
    with ground_of(mutant.ground) as ground:
        assert (await play_mutant(ground, mutant)).violations
