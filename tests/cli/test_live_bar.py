import re

import pytest

from s3gui.cli.live_bar import LiveBar, filled
from s3gui.cli.outcome import Outcome
from s3gui.cli.screen import Screen
from s3gui.cli.tally import Tally
from s3gui.core.events import PartProgress, TransferChanged
from s3gui.core.text import cells
from s3gui.core.transfer import TransferState
from s3gui.engine.ports import Count
from tests.cli.terminal import Terminal
from tests.cli.transfers import transfer


def picture(tally: Tally, terminal: Terminal, now_seconds: float = 0.0) -> list[str]:
    """What a person sees after one tick."""
    LiveBar(screen_of(terminal)).tick(tally, now_seconds)
    return terminal.rows


def screen_of(terminal: Terminal, **variables: str) -> Screen:
    return Screen(terminal, terminal.environment | variables)


def measured(*events: object, counts: dict[TransferState, Count]) -> Tally:
    tally = Tally()
    for event in events:
        tally.apply(event)
    tally.measure(counts, 0.0)
    return tally


def test_a_file_shows_its_name_its_bar_and_its_bytes() -> None:
    tally = measured(
        TransferChanged(transfer(size=96_000_000, sent_bytes=48_000_000)),
        counts={TransferState.RUNNING: Count(1, 96_000_000, 48_000_000)},
    )
    first, whole, text = picture(tally, Terminal())
    assert first.startswith("file-1.bin ")
    assert "━" * 12 + "─" * 12 in first
    assert first.endswith("48.0 MB of 96.0 MB")
    assert whole.endswith(" 50 %")
    assert text == "48.0 MB of 96.0 MB"


def test_states_that_move_no_bytes_are_told_in_words() -> None:
    for state, word in (
        (TransferState.PREPARING, "Preparing…"),
        (TransferState.FINISHING, "Finishing on the server…"),
        (TransferState.VERIFYING, "Verifying…"),
    ):
        tally = measured(TransferChanged(transfer(state=state)), counts={state: Count(1, 100, 100)})
        assert word in picture(tally, Terminal())[0]


def test_a_hundred_percent_is_never_shown_while_something_is_left_to_do() -> None:
    tally = measured(
        TransferChanged(transfer(state=TransferState.VERIFYING)),
        counts={TransferState.VERIFYING: Count(1, 100, 100)},
    )
    assert picture(tally, Terminal())[1].endswith(" 99 %")


def test_many_files_at_once_stay_a_few_rows() -> None:
    events = [TransferChanged(transfer(number)) for number in range(40)]
    tally = measured(*events, counts={TransferState.RUNNING: Count(40, 4000, 0)})
    drawn = picture(tally, Terminal())
    assert len(drawn) == 9
    assert drawn[-1] == "and 34 more at this moment"


def test_nothing_is_wider_than_a_narrow_terminal() -> None:
    tally = measured(
        TransferChanged(transfer(source="/x/" + "long-name-" * 30)),
        PartProgress(1, 1, 50, 100),
        counts={TransferState.RUNNING: Count(3, 300, 0)},
    )
    assert max(map(len, picture(tally, Terminal(width=60)))) == 60
    for width in range(1, 60):
        rows = picture(tally, Terminal(width=width))
        assert len(rows) == 3
        assert max(map(len, rows)) <= width


def test_on_a_narrow_terminal_the_bar_makes_room_for_the_name_and_the_bytes() -> None:
    tally = measured(
        TransferChanged(transfer(size=96_000_000, sent_bytes=48_000_000)),
        counts={TransferState.RUNNING: Count(1, 96_000_000, 48_000_000)},
    )
    assert picture(tally, Terminal(width=40))[0] == "file-1.… ━━━━━─────   48.0 MB of 96.0 MB"
    assert picture(tally, Terminal(width=28))[0] == "file-…    48.0 MB of 96.0 MB"


def test_columns_are_aligned_below_names_of_wide_characters() -> None:
    tally = measured(
        TransferChanged(transfer(1, source="/x/日本.bin")),
        TransferChanged(transfer(2, source="/x/e\u0301te\u0301.bin")),
        TransferChanged(transfer(3, source="/x/file.bin")),
        counts={TransferState.RUNNING: Count(3, 300, 0)},
    )
    *rows, _whole, _text = picture(tally, Terminal())
    assert {cells(row) for row in rows} == {80}
    assert len({cells(row.partition("─")[0]) for row in rows}) == 1


def test_a_terminal_without_unicode_gets_plain_characters() -> None:
    tally = measured(
        TransferChanged(transfer(sent_bytes=50)), counts={TransferState.RUNNING: Count(1, 100, 50)}
    )
    assert "#" * 12 + "-" * 12 in picture(tally, Terminal(encoding="ascii"))[0]


def test_names_are_neither_markup_nor_control_characters() -> None:
    tally = measured(
        TransferChanged(transfer(source="[bold]x:smile:\x1b[2J")),
        counts={TransferState.RUNNING: Count(1, 100, 0)},
    )
    assert picture(tally, Terminal())[0].startswith("[bold]x:smile:\\u001b[2J")


def test_before_the_first_byte_it_says_that_it_connects() -> None:
    tally = measured(counts={TransferState.QUEUED: Count(1, 100, 0)})
    assert picture(tally, Terminal())[-1] == "Connecting …"


def test_silence_is_told_below_the_bar() -> None:
    tally = measured(TransferChanged(transfer()), counts={TransferState.RUNNING: Count(1, 100, 0)})
    assert picture(tally, Terminal(), now_seconds=7.0)[-1] == "No answer for 7 s; still trying."


def test_the_closing_sentence_stays_and_the_cursor_comes_back() -> None:
    terminal = Terminal()
    bar = LiveBar(screen_of(terminal))
    bar.tick(Tally(), 0.0)
    assert not terminal.shows_cursor
    bar.close(Outcome({TransferState.COMPLETED: Count(2, 200, 200)}, seconds=1))
    bar.stop()
    assert terminal.shows_cursor
    assert terminal.rows == ["Stored and verified 2 files (200 B) in 1.0 s."]


def test_colors_tell_what_is_acknowledged_from_what_is_on_its_way() -> None:
    tally = measured(
        TransferChanged(transfer(sent_bytes=50)),
        PartProgress(1, 1, 25, 100),
        counts={TransferState.RUNNING: Count(1, 100, 50)},
    )
    terminal = Terminal()
    picture(tally, terminal)
    assert f"\x1b[32m{'━' * 12}\x1b[0m\x1b[34m{'━' * 6}\x1b[0m\x1b[2m{'─' * 6}" in terminal.written


def test_no_color_is_heard_and_leaves_bold_and_faint() -> None:
    tally = measured(
        TransferChanged(transfer(sent_bytes=50)), counts={TransferState.RUNNING: Count(1, 100, 50)}
    )
    terminal = Terminal()
    LiveBar(screen_of(terminal, NO_COLOR="1")).tick(tally, 0.0)
    assert set(re.findall(r"\x1b\[(\d+)m", terminal.written)) == {"0", "1", "2"}


def test_a_terminal_that_goes_away_ends_nothing() -> None:
    terminal = Terminal()
    bar = LiveBar(screen_of(terminal))
    bar.tick(Tally(), 0.0)
    terminal.is_gone = True
    bar.tick(Tally(), 1.0)
    bar.note("nobody reads this")
    bar.close(Outcome())


@pytest.mark.parametrize(
    ("acknowledged", "in_flight", "total", "expected"),
    [(0, 0, 100, (0, 0)), (50, 25, 100, (5, 2)), (100, 0, 100, (10, 0)), (0, 0, 0, (0, 0))],
)
def test_cells_are_filled_in_proportion(
    acknowledged: int, in_flight: int, total: int, expected: tuple[int, int]
) -> None:
    assert filled(acknowledged, in_flight, total, 10) == expected


def test_more_bytes_than_expected_stay_within_the_bar() -> None:
    solid, light = filled(150, 50, 100, 10)
    assert solid + light == 10
