import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.practice import documents
from s3gui.practice.documents import Markup
from s3gui.practice.errors import S3Error

printable = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
)


@given(key=printable)
def test_a_text_survives_being_written_and_read(key):
    body = documents.document("Root", {"Key": key})
    assert documents.parse(body, "Root").require("Key") == key


def test_mappings_nest_lists_repeat_and_none_is_left_out():
    content = {"A": [{"B": 1}, {"B": True}], "C": None, "D": Markup("<E/>"), "F": []}
    body = documents.document("Root", content, namespace=None).decode()
    assert body.endswith("<Root><A><B>1</B></A><A><B>true</B></A><D><E/></D></Root>")


def test_control_characters_are_written_as_references_as_s3_does():
    assert documents.escape('a\x01b\r<&"') == "a&#x1;b&#xd;&lt;&amp;&quot;"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<Root>",
        b"<Other/>",
        b'<!DOCTYPE Root [<!ENTITY a "b">]><Root>&a;</Root>',
        b'<?xml version="1.0" encoding="no-such"?><Root/>',
        b"<Root>\x01</Root>",
        '<!DOCTYPE Root [<!ENTITY a "b">]><Root>&a;</Root>'.encode("utf-16"),
    ],
)
def test_what_is_no_plain_document_of_that_name_is_refused(body):
    with pytest.raises(S3Error, match="MalformedXML"):
        documents.parse(body, "Root")


def test_namespaces_do_not_matter():
    root = documents.parse(b'<a:Root xmlns:a="urn:x"><a:B> c </a:B></a:Root>', "Root")
    assert root.get("B") == "c"
    assert root.require("B") == " c "
    assert root.get("Missing") is None
    with pytest.raises(S3Error, match="MalformedXML"):
        root.require("Missing")


def test_deep_nesting_does_not_hurt():
    with pytest.raises(S3Error, match="MalformedXML"):
        documents.parse(b"<a>" * 200_000, "Root")
