"""Apache Libcloud as its user would write it: `python libcloud_upload.py SOURCE PREFIX`."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import libcloud.security
from libcloud.storage.providers import get_driver
from libcloud.storage.types import Provider


def main() -> None:
    source, prefix = Path(sys.argv[1]), sys.argv[2]
    endpoint = urlsplit(os.environ["ENDPOINT_URL"])
    libcloud.security.VERIFY_SSL_CERT = False
    driver = get_driver(Provider.S3)(
        os.environ["AWS_ACCESS_KEY_ID"],
        os.environ["AWS_SECRET_ACCESS_KEY"],
        secure=endpoint.scheme == "https",
        host=endpoint.hostname,
        port=endpoint.port,
        region=os.environ["AWS_REGION"],
    )
    container = driver.get_container(os.environ["BUCKET"])
    for path in [source] if source.is_file() else sorted(source.iterdir()):
        with path.open("rb") as file:
            driver.upload_object_via_stream(file, container, f"{prefix}{path.name}")


main()
