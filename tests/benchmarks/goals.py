"""How many times as fast as each peer s3gui is to be, by job: whole commands, defaults."""

from __future__ import annotations

_SMALL_FILES = {
    "s5cmd": 1.1,
    "rclone": 1.5,
    "rclone-tuned": 1.1,
    "aws-cli": 10.0,
    "obstore": 0.7,
    "libcloud": 15.0,
}

GOALS: dict[str, dict[str, float]] = {
    "a-https": {
        "s5cmd": 1.4,
        "rclone": 2.2,
        "rclone-tuned": 1.2,
        "aws-cli": 2.0,
        "obstore": 1.1,
        "libcloud": 3.5,
        "ceiling": 0.8,
    },
    "a-http": {
        "s5cmd": 1.8,
        "rclone": 4.0,
        "rclone-tuned": 2.0,
        "aws-cli": 7.0,
        "obstore": 1.2,
        "libcloud": 4.5,
    },
    "b-http": _SMALL_FILES,
    "b-https": _SMALL_FILES,
    "c-https": {
        "s5cmd": 1.5,
        "rclone": 2.0,
        "rclone-tuned": 1.6,
        "aws-cli": 2.0,
        "obstore": 1.2,
        "libcloud": 4.0,
        "ceiling": 0.8,
    },
    "wan": {"s5cmd": 5.0, "rclone": 6.0, "aws-cli": 3.5, "obstore": 2.0, "libcloud": 20.0},
    "wan-small": {"s5cmd": 0.7, "rclone": 8.0, "aws-cli": 6.0},
}
LINK_SHARE, LINK_WITHIN_SECONDS = 0.85, 15
"""Of the link's rate, and how soon."""
