from dataclasses import replace

import pytest

from s3gui.core.capabilities import Capabilities
from s3gui.core.errors import AccessDenied
from s3gui.core.inspection import Certificate, Inspection
from s3gui.core.transfer import Destination
from s3gui.engine.probe import ProbeReport
from s3gui.gui.inspection_text import inspection_sentences
from s3gui.gui.probe_dialog import ProbeDialog

GOOD = ProbeReport(
    Capabilities("CRC64NVME", conditional_writes=True, conditional_replaces=False, acls=False)
)
SEEN = Inspection("https://s3.example.com", "eu-west-1", 3, 0.0, Certificate("Some CA", 2e9))


@pytest.fixture
def asked():
    return []


@pytest.fixture
def open_dialog(background, asked, qtbot):
    def open_dialog(answer=GOOD):
        def run(place):
            asked.append(place)
            if isinstance(answer, Exception):
                raise answer
            return answer

        dialog = ProbeDialog(run, background, Destination("scratch"))
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_dialog


@pytest.mark.row("S-14")
def test_nothing_is_tried_before_the_yes(open_dialog, asked):
    dialog = open_dialog()
    dialog.reject()
    assert asked == []


@pytest.mark.row("S-14")
def test_what_was_found_is_said(open_dialog, asked, qtbot):
    dialog = open_dialog()
    dialog.place.setText("s3://scratch/tests")
    with qtbot.waitSignal(dialog.learnt):
        dialog.accept_button.click()
    assert asked == [Destination("scratch", "tests/")]
    text = dialog.message.text()
    assert "CRC64NVME" in text
    assert "itself refuses to overwrite" in text
    assert "not atomic" in text
    assert not dialog.message.is_error
    dialog.accept_button.click()
    assert not dialog.isVisible()
    assert len(asked) == 1


def test_bytes_that_came_back_other_are_an_error(open_dialog, qtbot):
    bad = replace(GOOD, problems=("Other bytes.",), left_behind=("s3gui-probe-1-plain",))
    dialog = open_dialog(bad)
    with qtbot.waitSignal(dialog.learnt):
        dialog.accept_button.click()
    assert dialog.message.is_error
    assert "Other bytes." in dialog.message.text()
    assert "s3gui-probe-1-plain" in dialog.message.text()


def test_a_place_that_is_none_is_refused_before_anything_is_sent(open_dialog, asked):
    dialog = open_dialog()
    dialog.place.setText("scratch")
    dialog.accept_button.click()
    assert asked == []
    assert dialog.form.fields[0].note.is_error


def test_a_refusal_is_told_and_another_place_can_be_tried(open_dialog, qtbot):
    dialog = open_dialog(AccessDenied("No."))
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.message.is_error)
    assert "No." in dialog.message.text()
    assert dialog.place.isEnabled()


def test_a_look_tells_buckets_certificate_and_clock():
    text = " ".join(inspection_sentences(replace(SEEN, clock_offset_seconds=-7200.0)))
    assert "3 buckets found." in text
    assert "Region: eu-west-1." in text
    assert "Certificate by Some CA, valid until 2033-05-18." in text
    assert "set it" in text


def test_an_address_without_encryption_is_called_so():
    text = " ".join(
        inspection_sentences(replace(SEEN, endpoint_url="http://nas", certificate=None))
    )
    assert "Not encrypted" in text


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:9000"])
def test_nobody_is_on_the_way_to_this_computer(url):
    seen = replace(SEEN, endpoint_url=url, certificate=None)
    assert "encrypted" not in " ".join(inspection_sentences(seen))
