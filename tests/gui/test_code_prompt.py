from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QWidget

from s3gui.core.errors import CredentialsMissing
from s3gui.gui.code_prompt import CodeDialog, CodePrompt

PROMPT = "Enter MFA code for arn:aws:iam::1234:mfa/ada: "


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return window


class Worker:
    """Asks as botocore does, in a thread of its own."""

    def __init__(self, prompt: CodePrompt) -> None:
        self.answer: object = None
        self._prompt = prompt
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.answer = self._prompt.ask(PROMPT)
        except CredentialsMissing as error:
            self.answer = error

    def join(self) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive()


def dialog_of(window: QWidget) -> CodeDialog | None:
    return window.findChild(CodeDialog)


def test_the_code_goes_from_the_window_to_the_worker(window, qtbot):
    worker = Worker(CodePrompt(window))
    qtbot.waitUntil(lambda: dialog_of(window) is not None)
    dialog = dialog_of(window)
    assert "mfa/ada" in dialog._field.note.text()
    qtbot.keyClicks(dialog.code, "123 456")
    dialog.accept()
    worker.join()
    assert worker.answer == "123456"


def test_what_is_no_code_is_not_sent(window, qtbot):
    worker = Worker(CodePrompt(window))
    qtbot.waitUntil(lambda: dialog_of(window) is not None)
    dialog = dialog_of(window)
    qtbot.keyClicks(dialog.code, "abc")
    dialog.accept()
    assert dialog.isVisible()
    dialog.reject()
    worker.join()


def test_a_cancelled_question_is_an_error_with_a_sentence(window, qtbot):
    worker = Worker(CodePrompt(window))
    qtbot.waitUntil(lambda: dialog_of(window) is not None)
    dialog_of(window).reject()
    worker.join()
    assert "MFA code" in worker.answer.message


def test_a_closing_window_keeps_no_worker_waiting(window):
    prompt = CodePrompt(window)
    worker = Worker(prompt)
    prompt.close()
    worker.join()
    assert isinstance(worker.answer, CredentialsMissing)
    late = Worker(prompt)
    late.join()
    assert isinstance(late.answer, CredentialsMissing)
