"""The version, read from the package without importing it."""

from __future__ import annotations

import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
VERSION = re.search(r'__version__ = "([^"]+)"', (TOP / "s3gui" / "__init__.py").read_text())[1]
