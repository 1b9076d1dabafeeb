"""Takes out of Qt's ICU data what the window never asks for: 32 MB become 7.

Qt asks ICU for collation and for upper and lower case only; dates, numbers and names of languages
it knows by itself. All collations stay, so that names sort as everywhere else. Needs `icupkg`
(Debian: icu-devtools) and a C compiler; without them the data stays whole, which is said aloud.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

_SYMBOL = re.compile(r"^([0-9a-f]+) R icudt(\d+)_dat$", re.MULTILINE)
_TREES = re.compile(r"(brkitr|curr|lang|rbnf|region|translit|unit|zone)/")
_LOCALE = re.compile(r"[a-z]{2,3}(_\w+)?\.res")
_KEPT = frozenset({"en.res", "en_US.res", "res_index.res", "root.res"})
_ASSEMBLY = """\
.section .rodata
.globl icudt{number}_dat
.type icudt{number}_dat, @object
.balign 16
icudt{number}_dat: .incbin "{data}"
.size icudt{number}_dat, .-icudt{number}_dat
.section .note.GNU-stack,"",@progbits
"""


def slim_icu(library: Path) -> None:
    """Write `library` (libicudata.so.N) anew, with the same name and symbol."""
    if shutil.which("icupkg") is None or shutil.which("gcc") is None:
        print("icupkg or gcc is missing: Qt's ICU data stays whole (25 MB more)")
        return
    symbols = subprocess.run(
        ["nm", "-D", library], check=True, capture_output=True, text=True
    ).stdout
    found = _SYMBOL.search(symbols)
    if found is None:
        raise SystemExit(f"{library.name} holds no ICU data that is understood")
    # In a library of nothing but read-only data, addresses are offsets into the file.
    whole, number = library.read_bytes()[int(found[1], 16) :], found[2]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "slim").mkdir()
        source = folder / f"icudt{number}l.dat"
        source.write_bytes(whole)
        items = _icupkg("-l", source).split()
        (folder / "dropped.txt").write_text("\n".join(filter(_is_dropped, items)) + "\n")
        # The name of the file that is written becomes part of the data.
        _icupkg("-r", folder / "dropped.txt", source, folder / "slim" / source.name)
        assembly = folder / "data.S"
        assembly.write_text(_ASSEMBLY.format(number=number, data=f"slim/{source.name}"))
        subprocess.run(
            [
                *("gcc", "-shared", "-nostdlib", "-Wl,--build-id=none"),
                *(f"-Wl,-soname,{library.name}", "-o", library, assembly.name),
            ],
            check=True,
            cwd=folder,
        )


def _icupkg(*arguments: str | Path) -> str:
    return subprocess.run(["icupkg", *arguments], check=True, capture_output=True, text=True).stdout


def _is_dropped(item: str) -> bool:
    if item.endswith(".cnv") or item in {"unames.icu", "confusables.cfu"}:
        return True
    if item.startswith("brkitr/"):
        return True
    name = item.rpartition("/")[2]
    if _TREES.match(item):
        return name not in {"pool.res", "res_index.res", "root.res", "supplementalData.res"}
    return "/" not in item and bool(_LOCALE.fullmatch(name)) and name not in _KEPT
