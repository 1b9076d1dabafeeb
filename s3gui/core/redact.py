"""Hides what looks like a secret in texts that are written for people to read or to send on."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHOWN_INSTEAD = "[hidden]"
_SHORTEST_SECRET = 6
"""Shorter ones would hide half of any text, and protect nothing."""

_NAMES = r"""
    (?:proxy-)?authorization|(?:set-)?cookie
    |x-amz-(?:copy-source-)?server-side-encryption-customer-key(?:-md5)?
    |(?:copysource)?ssecustomerkey(?:md5)?
    |[\w-]{0,24}token(?:_?code)?|[\w-]{0,24}secret(?:_?access)?_?key|client_?secret
    |[\w-]{0,24}passw(?:or)?d|[\w-]{0,24}passphrase|samlassertion
"""
_SECRETS = (
    # A header, an assignment, a field of JSON: all that follows, whatever it is written like.
    re.compile(rf"""(?ix)((?:\b|_)(?:{_NAMES})\\?["']?\s*[:=]\s*)[^\n]+"""),
    # An element of XML, also where the text is shown as Python shows bytes.
    re.compile(r"(?i)(<(?:[\w-]{0,24}token|secretaccesskey)>)[^<]+"),
    # A query: each value ends by itself. With Signature V2 the name is the bare word.
    re.compile(
        r"(?i)((?:x-amz-(?:signature|credential|security-token)|[?&]signature)=)[^\s&\"'<>]+"
    ),
    # What botocore says of its own signing.
    re.compile(r"(?i)(\bsignature[\"']?\s*[:=]\s*)[^\s,&\"']+"),
    # The user and the password of an address.
    re.compile(r"(://)[^\s/@]+(?=@)"),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with these secrets hidden, and whatever else looks like one."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, SHOWN_INSTEAD)
    for pattern in _SECRETS:
        text = pattern.sub(rf"\1{SHOWN_INSTEAD}", text)
    return text
