import botocore.session
import pytest
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader

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


@pytest.mark.parametrize("name", ["service-2", "endpoint-rule-set-1", "no-such-thing"])
def test_what_is_read_is_what_botocore_reads(name):
    def read(loader):
        try:
            return loader.load_service_model("s3", name)
        except DataNotFoundError:
            return None

    assert read(models()) == read(Loader())
