import pytest

from s3gui.core.errors import JournalUnwritable


@pytest.mark.row("D-03")
def test_an_upload_whose_id_cannot_be_saved_is_dropped_at_once(sender, store, monkeypatch):
    """And the question stays: where the abort fails, too, `leftovers` finds the upload by it."""

    def full(asked_id, *, named_by=None):
        assert len(store.open_uploads()) == 1
        raise JournalUnwritable

    sender.add()
    monkeypatch.setattr(sender.means.journal, "forget_asked", full)
    with pytest.raises(JournalUnwritable):
        sender.send()
    assert store.open_uploads() == []
    assert sender.saved.multipart is None
    assert [each.destination for each in sender.means.journal.asked_uploads()] == [
        sender.transfer.destination
    ]
