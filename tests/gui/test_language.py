import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from s3gui.adapters.settings_file import SettingsFile
from s3gui.assets import resource
from s3gui.bootstrap import chosen_language
from s3gui.core.settings import Settings
from s3gui.gui.amounts import format_size
from s3gui.gui.inspector_facts import format_moment
from s3gui.gui.language import speak, translate_qt
from s3gui.i18n import LANGUAGES, use_language


@pytest.fixture
def application(qapp):
    """Qt's texts are English again afterwards, and so are ours."""
    yield qapp
    for translator in qapp.findChildren(QTranslator):
        QCoreApplication.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(QLocale.system())
    use_language(resource("locale"), ["en"])


def _cancel() -> str:
    return QApplication.translate("QPlatformTheme", "Cancel")


def test_the_language_that_was_chosen_is_spoken_by_qt_as_well(application, tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    SettingsFile(tmp_path / "settings.json").save(Settings(language="de"))
    assert speak(application, tmp_path) == "de"
    assert _cancel() == "Abbrechen"
    assert format_moment(86_400 * 75).startswith("17. März 1970")
    assert format_size(5_000_000) == "5,0 MB"


def test_an_english_window_has_english_numbers_wherever_it_is(application, tmp_path):
    QLocale.setDefault(QLocale("de_DE"))
    SettingsFile(tmp_path / "settings.json").save(Settings(language="en"))
    assert speak(application, tmp_path) == "en"
    assert format_size(5_000_000) == "5.0 MB"
    assert "March" in QLocale().monthName(3)


def test_the_marks_of_a_country_stay(application, tmp_path):
    QLocale.setDefault(QLocale("de_CH"))
    SettingsFile(tmp_path / "settings.json").save(Settings(language="de"))
    speak(application, tmp_path)
    assert QLocale().territory() == QLocale.Country.Switzerland


def test_without_a_choice_the_environment_says_it(application, tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert speak(application, tmp_path) == "fr"
    assert _cancel() == "Annuler"


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_qt_has_its_own_texts_in_every_language(application, language):
    assert translate_qt(application, language)


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", '"de"', '{"settings": {"language": 5}}', "[" * 100_000]
)
def test_settings_that_cannot_be_read_choose_nothing_and_stay_where_they_are(tmp_path, kept):
    (tmp_path / "settings.json").write_text(kept)
    assert chosen_language(tmp_path) is None
    assert (tmp_path / "settings.json").read_text() == kept
