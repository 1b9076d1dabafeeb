from pathlib import Path

import pytest

from s3gui.core.errors import InputError, Unreachable
from s3gui.driver.downloading import check_range, save, target_path


class FakeDownload:
    def __init__(self, chunks, error=None):
        self.closed = False
        self._chunks = chunks
        self._error = error

    def chunks(self, _chunk_size):
        yield from self._chunks
        if self._error is not None:
            raise self._error

    def close(self):
        self.closed = True


def test_all_bytes_are_written(tmp_path):
    download = FakeDownload([b"ab", b"c"])

    assert save(download, tmp_path / "file", 3, delete_on_failure=True)

    assert (tmp_path / "file").read_bytes() == b"abc"
    assert download.closed


@pytest.mark.parametrize("delete_on_failure", [True, False])
def test_what_breaks_off_is_deleted_unless_it_is_wanted(tmp_path, delete_on_failure):
    download = FakeDownload([b"ab"], Unreachable())

    with pytest.raises(Unreachable):
        save(download, tmp_path / "file", 3, delete_on_failure=delete_on_failure)

    assert (tmp_path / "file").exists() != delete_on_failure
    assert download.closed


@pytest.mark.parametrize("delete_on_failure", [True, False])
def test_what_has_not_the_expected_size_is_told(tmp_path, delete_on_failure):
    path = tmp_path / "file"

    assert not save(FakeDownload([b"ab"]), path, 3, delete_on_failure=delete_on_failure)
    assert path.exists() != delete_on_failure


def test_a_file_that_cannot_be_opened_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"precious")

    def refuse(*_args):
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PermissionError):
        save(FakeDownload([b"ab"]), path, 3, delete_on_failure=True)

    monkeypatch.undo()
    assert path.read_bytes() == b"precious"


def test_a_device_is_written_to_and_not_deleted():
    assert not save(FakeDownload([b"ab"]), Path("/dev/null"), 3, delete_on_failure=True)

    assert Path("/dev/null").is_char_device()


def test_a_path_is_a_file_or_a_folder_that_is_there(tmp_path):
    (tmp_path / "folder" / "sub").mkdir(parents=True)
    (tmp_path / "file").touch()

    def target(path, name="name", *, overwrite_existing=False):
        return target_path(path, name, overwrite_existing=overwrite_existing)

    assert target(tmp_path / "new") == tmp_path / "new"
    assert target(str(tmp_path / "folder")) == tmp_path / "folder" / "name"
    assert target(f"{tmp_path}/folder/", "sub/name") == tmp_path / "folder" / "sub" / "name"
    assert target(tmp_path / "file", overwrite_existing=True) == tmp_path / "file"
    for path, name in [
        (f"{tmp_path}/gone/", "name"),
        (f"{tmp_path}/folder/", "../name"),
        (f"{tmp_path}/folder/", "/name"),
        (tmp_path / "file", "name"),
    ]:
        with pytest.raises(InputError):
            target(path, name)


@pytest.mark.parametrize(("start", "end"), [(-1, None), (0, 0), (5, 5), (5, 4)])
def test_a_range_that_cannot_be_is_a_value_error(start, end):
    with pytest.raises(ValueError, match="bytes"):
        check_range(start, end)


def test_a_range_may_be_open():
    check_range(0, None)
    check_range(5, 6)
