"""Draws resources/app/icon.svg in the sizes and forms that the systems want.

    python packaging/draw_icons.py FOLDER      (with the build's Python: it needs Qt)

Writes FOLDER/NxN.png, FOLDER/s3gui.ico (Windows) and FOLDER/s3gui.icns (macOS).
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
_ICNS_TYPES = {
    b"icp4": 16,
    b"icp5": 32,
    b"icp6": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
"""Apple's four letters for a PNG of that many pixels; ic11 to ic14 are for dense screens."""


def main(folder: Path) -> None:
    application = QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    svg = Path(__file__).resolve().parents[1] / "resources" / "app" / "icon.svg"
    renderer = QSvgRenderer(str(svg))
    pngs = {size: _png(renderer, size) for size in SIZES}
    for size, png in pngs.items():
        (folder / f"{size}x{size}.png").write_bytes(png)
    (folder / "s3gui.ico").write_bytes(_ico(pngs))
    (folder / "s3gui.icns").write_bytes(_icns(pngs))
    del application


def _png(renderer: QSvgRenderer, size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return data.data()


def _ico(pngs: dict[int, bytes]) -> bytes:
    """A table of sizes (256 is written as 0), then the pictures as they are."""
    header = struct.pack("<HHH", 0, 1, len(_ICO_SIZES))
    offset = len(header) + 16 * len(_ICO_SIZES)
    rows, pictures = b"", b""
    for size in _ICO_SIZES:
        png = pngs[size]
        rows += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), offset)
        pictures += png
        offset += len(png)
    return header + rows + pictures


def _icns(pngs: dict[int, bytes]) -> bytes:
    """Blocks of four letters, their length with these eight bytes, and a picture."""
    blocks = b"".join(
        name + struct.pack(">I", len(pngs[size]) + 8) + pngs[size]
        for name, size in _ICNS_TYPES.items()
    )
    return b"icns" + struct.pack(">I", len(blocks) + 8) + blocks


if __name__ == "__main__":
    main(Path(sys.argv[1]))
