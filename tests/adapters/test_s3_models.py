from pathlib import Path

import botocore.session
import pytest
from botocore.loaders import JSONFileLoader, Loader

from s3gui.adapters.s3_models import SERVICES, models


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_that_is_named_has_a_description(name: str) -> None:
    assert models().load_service_model(name, "service-2")["metadata"]["signatureVersion"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_session_that_knows_no_other_services_makes_clients_of_them(name: str) -> None:
    session = botocore.session.Session()
    session.register_component("data_loader", models())
    client = session.create_client(
        name, region_name="eu-central-1", aws_access_key_id="id", aws_secret_access_key="secret"
    )
    assert client.meta.service_model.service_name == name


@pytest.mark.parametrize(
    "name", ["endpoints", "s3/2006-03-01/service-2", "s3/2006-03-01/endpoint-rule-set-1", "none"]
)
def test_what_is_read_is_what_botocore_reads(name: str) -> None:
    path = Path(Loader.BUILTIN_DATA_PATH, *name.split("/"))
    assert models().file_loader.load_file(str(path)) == JSONFileLoader().load_file(str(path))
