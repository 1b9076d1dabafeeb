"""obstore as its user would write it: `python obstore_upload.py SOURCE PREFIX`."""

import asyncio
import os
import sys
from pathlib import Path

from obstore.store import S3Store

_AT_ONCE = 64


def main() -> None:
    source, prefix = Path(sys.argv[1]), sys.argv[2]
    endpoint = os.environ["ENDPOINT_URL"]
    store = S3Store(
        os.environ["BUCKET"],
        endpoint=endpoint,
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": endpoint.startswith("http:"),
            "allow_invalid_certificates": True,
        },
    )
    if source.is_file():
        store.put(f"{prefix}{source.name}", source)
    else:
        asyncio.run(_upload_all(store, list(source.iterdir()), prefix))
    os._exit(0)  # its threads sometimes abort the interpreter's own end


async def _upload_all(store: S3Store, paths: list[Path], prefix: str) -> None:
    free = asyncio.Semaphore(_AT_ONCE)

    async def upload(path: Path) -> None:
        async with free:
            await store.put_async(f"{prefix}{path.name}", path)

    await asyncio.gather(*map(upload, paths))


main()
