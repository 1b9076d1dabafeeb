import pytest

from tests.support.servers import Service


@pytest.mark.parametrize("name", ["practice", "moto", "rclone"])
def test_each_server_keeps_an_object_and_gives_it_back(
    name: str, request: pytest.FixtureRequest
) -> None:
    service: Service = request.getfixturevalue(f"{name}_service")
    bucket = service.new_bucket()
    with service.client() as client:
        client.put_object(Bucket=bucket, Key="a/key", Body=b"some bytes")
        assert client.get_object(Bucket=bucket, Key="a/key")["Body"].read() == b"some bytes"
