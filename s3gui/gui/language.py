"""The window's language: the chosen one, or that of the system; Qt's own texts with it."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from s3gui.assets import resource
from s3gui.bootstrap import chosen_language
from s3gui.i18n import ENGLISH, environment_languages, known_language, use_language


def speak(application: QApplication, home: Path) -> str:
    """Before the first text is made. Returns the name of the language."""
    language = use_language(resource("locale"), _wanted(chosen_language(home)))
    if language != ENGLISH:
        translate_qt(application, language)
    if QLocale().language() != QLocale(language).language():  # else the country's own marks
        QLocale.setDefault(QLocale(language))  # months and numbers
    return language


def unlearn(application: QApplication) -> None:
    """Undo what `speak` did, so that it can be called again."""
    for translator in application.findChildren(QTranslator):
        application.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(QLocale.system())


def language_for(chosen: str | None) -> str:
    """The name of the language that a setting comes to; None is that of the system."""
    return known_language(resource("locale"), _wanted(chosen))


def _wanted(chosen: str | None) -> list[str]:
    return [chosen] if chosen is not None else system_languages()


def system_languages() -> list[str]:
    """Qt knows the settings of Windows and macOS; an environment that says something goes first."""
    return environment_languages(os.environ) or QLocale.system().uiLanguages()


def translate_qt(application: QApplication, language: str) -> bool:
    """Buttons such as Cancel and the menu of a text field; returns whether there is a catalogue."""
    translator = qt_catalogue(language, application)
    return translator is not None and application.installTranslator(translator)


def qt_catalogue(language: str, parent: QObject | None = None) -> QTranslator | None:
    """Qt's own texts in `language`, or None: a bundle may have left them out."""
    translator = QTranslator(parent)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator if translator.load(f"qtbase_{language}", folder) else None
