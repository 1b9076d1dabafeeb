"""The window.

PySide6 reads the source of every module that is imported after it, for features of its own. What
needs no Qt is imported first: that saves a tenth of the start.
"""

import s3gui.bootstrap
import s3gui.core.events  # noqa: F401
