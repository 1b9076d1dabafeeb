"""Writes the licences of all that the frozen program is made of into one file.

    python packaging/licences.py OUTPUT      (with the build's Python: it knows what is installed)

The packages' own files are taken as they are. Qt's wheels carry none: the texts of the LGPL, under
which Qt is used, and of the GPL, which it refers to, are in packaging/licences.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==", re.MULTILINE)
_LICENCE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[\w.-]*", re.IGNORECASE)
_QT = """\
The libraries of Qt and of Qt for Python lie beside the program as files of their own, and may be
replaced by others of the same interface. Their source: https://download.qt.io and
https://code.qt.io/cgit/pyside/pyside-setup.git, under the version above."""


def main(output: Path) -> None:
    names = dict.fromkeys(_PIN.findall((_HERE / "requirements.txt").read_text()))
    parts = ["s3gui is made of these, each under its own licence."]
    parts += [_of(name) for name in names if _is_installed(name)]
    parts += [_titled("Python", _python_licence())]
    for path in sorted((_HERE / "licences").glob("*.txt")):
        parts.append(_titled(path.stem, path.read_text()))
    output.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _of(name: str) -> str:
    """Raises SystemExit for a package that says nothing of its licence."""
    package = metadata.distribution(name)
    said = package.metadata.get("License-Expression") or package.metadata.get("License")
    texts = [
        Path(file.locate()).read_text(encoding="utf-8", errors="replace")
        for file in sorted(package.files or [])
        if ".dist-info" in str(file) and _LICENCE.fullmatch(file.name)
    ]
    if name.startswith(("pyside6", "shiboken6")):
        texts.append(_QT)
    if not said and not texts:
        raise SystemExit(f"{name} says nothing of its licence")
    heading = f"{name} {package.version}" + (f" ({said})" if said else "")
    return _titled(heading, "\n\n".join(texts))


def _is_installed(name: str) -> bool:
    """Some are for other systems."""
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _python_licence() -> str:
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if text.is_file():
        return text.read_text(encoding="utf-8")
    return "https://docs.python.org/3/license.html"


def _titled(title: str, text: str) -> str:
    line = "=" * 80
    body = text.strip("\n").rstrip()
    return f"{line}\n{title}\n{line}\n\n{body}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
