"""Where the frozen program starts."""

import sys

from s3gui.__main__ import main

sys.exit(main())
