"""Brings the catalogues up to date with the source: `python -m tests.translations`."""

from __future__ import annotations

import argparse
import sys

from tests.translations.catalogues import (
    TRANSLATED,
    as_source,
    compiled,
    compiled_of,
    is_translated,
    read,
    source_of,
    updated,
)
from tests.translations.extract import texts, trees


def main() -> None:
    argparse.ArgumentParser(prog="python -m tests.translations", description=__doc__).parse_args()
    found = texts(trees())
    for language in TRANSLATED:
        catalogue = updated(read(language), found)
        source = as_source(language, catalogue)
        source_of(language).write_bytes(source)
        compiled_of(language).parent.mkdir(parents=True, exist_ok=True)
        compiled_of(language).write_bytes(compiled(language, source))
        missing = sum(not is_translated(message) for message in catalogue if message.id)
        sys.stdout.write(f"{language}: {len(catalogue)} texts, {missing} to translate\n")


main()
