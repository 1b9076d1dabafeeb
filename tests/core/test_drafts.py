"""Values that are made quickly are as frozen as the others, and no different from them."""

import dataclasses

import pytest

from s3gui.core.transfer import Destination, Transfer, TransferState, make_transfer

HERE = Destination("bucket", "key")


def test_what_is_made_quickly_is_what_the_class_makes():
    made = make_transfer(1, "/a", HERE, 5, id=7, state=TransferState.PAUSED)
    assert type(made) is Transfer
    assert made == Transfer(1, "/a", HERE, 5, id=7, state=TransferState.PAUSED)
    assert repr(make_transfer(1, "/a", HERE)) == repr(Transfer(1, "/a", HERE))


@pytest.mark.parametrize("transfer", [make_transfer(1, "/a", HERE), Transfer(1, "/a", HERE)])
def test_what_is_changed_is_what_replace_makes_and_leaves_the_other_alone(transfer):
    changed = transfer.changed(size=3, state=TransferState.RUNNING)
    assert changed == dataclasses.replace(transfer, size=3, state=TransferState.RUNNING)
    assert (transfer.size, transfer.state) == (None, TransferState.QUEUED)


@pytest.mark.parametrize(
    "made", [make_transfer(1, "/a", HERE), Transfer(1, "/a", HERE).changed(size=3)]
)
def test_it_cannot_be_changed_where_it_is(made):
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.size = 4


def test_a_field_that_there_is_not_cannot_be_changed():
    with pytest.raises(AttributeError):
        Transfer(1, "/a", HERE).changed(colour="red")


def test_options_that_are_the_same_have_the_same_hash():
    options = dataclasses.replace(Transfer(1, "/a", HERE).options, content_type="text/html")
    assert hash(options) == hash(dataclasses.replace(options))
