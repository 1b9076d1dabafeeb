import pytest

from s3gui.core.acl import OFFERED_ACLS, CannedAcl
from s3gui.core.errors import InputError, KeyTooLong
from s3gui.core.transfer import Destination, Transfer, TransferState


def test_a_destination_keeps_its_key_byte_for_byte():
    for key in ["a b/ü+&?.txt", "/lead", "a//b", "./x/../y", "tail/", ""]:
        assert Destination.parse(f"s3://bucket/{key}") == Destination("bucket", key)


def test_a_bare_bucket_and_a_final_slash_are_prefixes():
    assert Destination.parse("s3://bucket").is_prefix
    assert Destination.parse("S3://bucket/").is_prefix
    assert Destination("bucket", "raw/").is_prefix
    assert not Destination("bucket", "raw").is_prefix


@pytest.mark.parametrize("text", ["", "bucket/key", "s3:/bucket", "s3://", "http://bucket/key"])
def test_what_is_no_destination_is_refused_with_the_form_it_should_have(text):
    with pytest.raises(InputError, match="s3://BUCKET/PREFIX/"):
        Destination.parse(text)


def test_a_key_may_have_1024_bytes_and_not_one_more():
    Destination("bucket", "ü" * 512).check()
    with pytest.raises(KeyTooLong, match="1,025"):
        Destination("bucket", "ü" * 512 + "x").check()


def test_a_name_that_is_not_unicode_cannot_be_a_key():
    with pytest.raises(InputError, match="not valid Unicode"):
        Destination("bucket", b"caf\xe9".decode("utf-8", "surrogateescape")).check()


def test_an_empty_key_is_refused():
    with pytest.raises(InputError, match="empty"):
        Destination("bucket").check()


def test_a_transfer_is_called_by_the_last_part_of_its_key():
    assert Transfer(1, "/x", Destination("b", "raw/DSC_1.NEF")).name == "DSC_1.NEF"
    assert Transfer(1, "/x", Destination("b", "odd/")).name == "odd/"


def test_every_state_is_active_ended_or_neither_but_never_both():
    assert not {state for state in TransferState if state.is_active and state.is_ended}


def test_private_sends_no_header_and_the_others_their_own_name():
    assert CannedAcl.PRIVATE.header is None
    assert CannedAcl.PUBLIC_READ.header == "public-read"
    assert OFFERED_ACLS[0] is CannedAcl.PRIVATE
    assert len(OFFERED_ACLS) == 6
    assert [acl for acl in OFFERED_ACLS if acl.is_public] == [
        CannedAcl.PUBLIC_READ,
        CannedAcl.PUBLIC_READ_WRITE,
        CannedAcl.AUTHENTICATED_READ,
    ]
