from s3gui.cli.failures import Failures, error_sentence, failure_sentence, source_name
from s3gui.core.errors import (
    AclRefused,
    AlreadyExists,
    CredentialsMissing,
    Failure,
    InputError,
    S3guiError,
)
from s3gui.core.transfer import Destination, Transfer
from tests.cli.transfers import failed, transfer


def sentences(*transfers: Transfer) -> list[str]:
    failures = Failures()
    for each in transfers:
        failures.add(each)
    return [group.sentence() for group in failures]


def test_one_failure_is_a_name_what_happened_and_what_to_do() -> None:
    assert sentences(failed()) == ["file-1.bin: Access denied. Ask."]


def test_a_message_that_names_the_file_is_not_preceded_by_it_once_more() -> None:
    assert failure_sentence("a.txt", Failure("x", "“a.txt” is gone.")) == "“a.txt” is gone."


def test_a_thousand_equal_failures_are_one_line() -> None:
    told = sentences(*(failed(number) for number in range(1000)))
    assert told == ["1,000 files: Access denied. Ask. (file-0.bin, file-1.bin, file-2.bin, …)"]


def test_failures_of_one_kind_with_different_words_share_its_title() -> None:
    told = sentences(
        failed(1, "source-missing", "“a” does not exist."),
        failed(2, "source-missing", "“b” does not exist."),
    )
    assert told == ["2 files: The file does not exist. Ask. (file-1.bin, file-2.bin)"]


def test_one_message_stands_for_all_of_its_code_only_where_all_have_it() -> None:
    several = _groups(failed(1, "input", "“a” is no folder."), failed(2, "input", "“b” is a pipe."))
    (one,), (group,) = _groups(failed(1), failed(2)), several
    assert one.message == "Access denied."
    assert group.message == "This cannot be used."


def test_different_kinds_are_told_apart() -> None:
    assert len(sentences(failed(1), failed(2, "no-such-bucket", "No bucket."))) == 2


def test_a_failure_that_is_told_twice_counts_once() -> None:
    failures = Failures()
    assert failures.add(failed())
    assert not failures.add(failed())
    assert not failures.add(transfer())
    assert len(failures) == 1


def test_names_and_messages_cannot_steer_the_terminal() -> None:
    bad = failed(source="a\x1b[2J\n.txt", message="no \x1b]0;title\x07")
    (told,) = sentences(
        bad,
    )
    assert told.isprintable()


def test_hints_speak_of_options_not_of_the_window() -> None:
    assert "--acl" in error_sentence(AclRefused())
    assert "--on-conflict" in error_sentence(AlreadyExists())
    assert "--profile" in error_sentence(CredentialsMissing())


def test_what_only_a_change_can_mend_is_known() -> None:
    assert all(group.needs_a_change for group in _groups(failed(1, AlreadyExists.code)))
    assert all(group.needs_a_change for group in _groups(failed(1, InputError.code)))
    assert not any(group.needs_a_change for group in _groups(failed(1, "unreachable")))


def _groups(*transfers: Transfer) -> Failures:
    failures = Failures()
    for each in transfers:
        failures.add(each)
    return failures


def test_a_file_is_called_by_its_own_name_and_a_stream_by_its_key() -> None:
    assert source_name(transfer(key="other/name")) == "file-1.bin"
    assert source_name(Transfer(1, "-", Destination("b", "dir/key"))) == "standard input"


def test_a_title_that_stands_for_a_message_ends_before_its_hint_begins() -> None:
    assert error_sentence(S3guiError(hint="Try again.")).endswith("happened. Try again.")
    assert error_sentence(InputError("Is this a file?")) == "Is this a file?"
