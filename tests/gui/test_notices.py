from __future__ import annotations

import os

import pytest

pytest.importorskip("jeepney", reason="other systems have no D-Bus")

from s3gui.gui.bus import Bus
from s3gui.gui.notices import SERVICE, Notice, NoticeKind, Notices
from tests.support.fake_desktop import FakeDesktop

HOSTILE = '<img src="http://example.com/x.png"> & <b>\u202egnp.exe'
DONE = Notice(NoticeKind.DONE, "Upload finished", HOSTILE)


@pytest.fixture
def service(bus_address):
    service = FakeDesktop(
        bus_address,
        (SERVICE.service,),
        {
            "GetCapabilities": ("as", (["actions", "body", "body-markup"],)),
            "Notify": ("u", (41,)),
            "CloseNotification": ("", ()),
        },
    )
    service.start()
    yield service
    service.stop()


@pytest.fixture
def notices(bus_address, qapp):
    bus = Bus(bus_address)
    fallen: list[Notice] = []
    notices = Notices(bus, fallen.append)
    notices.fallen = fallen
    yield notices
    bus.close()


def shown(service: FakeDesktop) -> list[tuple[object, ...]]:
    return [values for name, values in service.calls if name == "Notify"]


def test_a_notification_is_shown_with_what_leads_back_to_the_program(notices, service, qtbot):
    notices.show(Notice(NoticeKind.DONE, "Upload finished", "3 files"))
    qtbot.waitUntil(lambda: bool(shown(service)))
    name, replaced, icon, title, text, actions, hints, expires = shown(service)[0]
    assert (name, replaced, icon, title, text) == (
        "s3gui",
        0,
        "s3gui",
        "Upload finished",
        "3 files",
    )
    assert actions == ["default", ""]
    assert hints["desktop-entry"] == ("s", "s3gui")
    assert hints["category"] == ("s", "transfer.complete")
    assert expires == -1


def test_a_hostile_name_is_text_where_the_service_reads_markup(notices, service, qtbot):
    notices.show(DONE)
    qtbot.waitUntil(lambda: bool(shown(service)))
    text = shown(service)[0][4]
    assert text == '&lt;img src="http://example.com/x.png"&gt; &amp; &lt;b&gt;\\u202egnp.exe'


def test_it_is_not_escaped_where_the_service_reads_none(notices, service, qtbot):
    service.answers["GetCapabilities"] = ("as", (["body"],))
    notices.show(Notice(NoticeKind.DONE, "A & B", "C & <D>"))
    qtbot.waitUntil(lambda: bool(shown(service)))
    assert shown(service)[0][3:6] == ("A & B", "C & <D>", [])


def test_a_very_long_name_is_cut(notices, service, qtbot):
    notices.show(Notice(NoticeKind.DONE, "Upload finished", "x" * 5000))
    qtbot.waitUntil(lambda: bool(shown(service)))
    assert len(shown(service)[0][4]) == 300


def test_a_later_one_takes_the_place_of_an_earlier_one_of_its_kind(notices, service, qtbot):
    notices.show(DONE)
    qtbot.waitUntil(lambda: bool(notices._shown))
    notices.show(DONE)
    notices.show(Notice(NoticeKind.PROBLEM, "3 files failed", ""))
    qtbot.waitUntil(lambda: len(shown(service)) == 3)
    assert [values[1] for values in shown(service)] == [0, 41, 0]


def test_a_click_is_told_and_the_window_may_come_to_the_front(notices, service, qtbot, monkeypatch):
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    notices.show(DONE)
    qtbot.waitUntil(lambda: bool(notices._shown))
    with qtbot.waitSignal(notices.clicked):
        service.say(SERVICE.path, SERVICE.interface, "ActivationToken", "us", 41, "a-token")
        service.say(SERVICE.path, SERVICE.interface, "ActionInvoked", "us", 41, "default")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "a-token"
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN")


def test_a_click_is_told_also_after_the_bus_was_lost(notices, service, qtbot):
    notices.show(DONE)
    qtbot.waitUntil(lambda: bool(notices._shown))
    lost: list[object] = []
    notices._bus.run(lambda line: line._connection.close(), lost.append, lambda: None)
    qtbot.waitUntil(lambda: bool(lost))
    qtbot.waitUntil(lambda: notices._bus._serving._connection is None)
    notices.show(DONE)
    qtbot.waitUntil(lambda: len(shown(service)) == 2)
    with qtbot.waitSignal(notices.clicked):
        service.say(SERVICE.path, SERVICE.interface, "ActionInvoked", "us", 41, "default")


def test_a_click_on_another_program_s_notification_is_not_ours(notices, service, qtbot):
    notices.show(DONE)
    qtbot.waitUntil(lambda: bool(notices._shown))
    clicks: list[int] = []
    notices.clicked.connect(lambda: clicks.append(1))
    service.say(SERVICE.path, SERVICE.interface, "ActionInvoked", "us", 40, "default")
    with qtbot.waitSignal(notices.clicked):
        service.say(SERVICE.path, SERVICE.interface, "ActionInvoked", "us", 41, "default")
    assert clicks == [1]


def test_what_was_shown_goes_when_somebody_is_back_at_the_window(notices, service, qtbot):
    notices.show(DONE)
    qtbot.waitUntil(lambda: bool(notices._shown))
    notices.withdraw()
    notices.withdraw()
    qtbot.waitUntil(lambda: "CloseNotification" in service.methods())
    assert service.calls[-1] == ("CloseNotification", (41,))
    notices.show(DONE)
    qtbot.waitUntil(lambda: len(shown(service)) == 2)
    assert shown(service)[1][1] == 0


def test_without_a_service_the_fallback_shows_it(notices, qtbot):
    notices.show(DONE)
    qtbot.waitUntil(lambda: notices.fallen == [DONE])


def test_a_service_that_answers_nonsense_is_as_none(notices, service, qtbot):
    service.answers["Notify"] = ("s", ("no number",))
    notices.show(DONE)
    qtbot.waitUntil(lambda: notices.fallen == [DONE])
