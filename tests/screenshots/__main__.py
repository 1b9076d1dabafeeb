"""Makes a picture of every window, dialog and state: `python -m tests.screenshots FOLDER`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from s3gui.assets import resource
from s3gui.core.settings import Appearance
from s3gui.gui.language import translate_qt
from s3gui.gui.theme import Theme
from s3gui.i18n import ENGLISH, LANGUAGES, use_language
from tests.screenshots.fit import unfitting
from tests.screenshots.scenes import SCENES
from tests.screenshots.stage import Stage

LOOKS = {
    "light": (Appearance.LIGHT, 1.0),
    "dark": (Appearance.DARK, 1.0),
    "large": (Appearance.LIGHT, 1.5),
    "contrast": (Appearance.HIGH_CONTRAST_LIGHT, 1.0),
    "contrast-dark": (Appearance.HIGH_CONTRAST_DARK, 1.0),
}


def speak(application: QApplication, language: str) -> None:
    if use_language(resource("locale"), [language]) != ENGLISH:
        translate_qt(application, language)
        QLocale.setDefault(QLocale(language))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scene", action="append", choices=sorted(SCENES), help="only this one")
    parser.add_argument("--look", action="append", choices=sorted(LOOKS), help="only this one")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default=ENGLISH)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    gc.disable()  # it would take widgets that belong to Python alone while Qt is at work
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    speak(application, chosen.language)
    usual, theme = application.font(), Theme()
    for look in chosen.look or LOOKS:
        appearance, scale = LOOKS[look]
        font = application.font()
        font.setPointSizeF(usual.pointSizeF() * scale)
        application.setFont(font)
        for name in chosen.scene or SCENES:
            stage = Stage(application, theme, appearance)
            widget = SCENES[name](stage)
            stage.settle()
            widget.grab().save(str(chosen.folder / f"{name}-{look}.png"))
            sys.stdout.write(f"{name}-{look}.png\n")
            for each in unfitting(widget):
                sys.stdout.write(f"    does not fit: {each}\n")
            stage.close()
    sys.stdout.flush()
    os._exit(0)


main()
