import socket

import pytest

from s3gui.adapters.s3_socket import _UNSENT_OPTION, Connection

KIB = 1024


@pytest.mark.skipif(_UNSENT_OPTION is None, reason="this system cannot be told")
def test_only_on_a_fast_line_may_the_system_keep_more_than_it_sends():
    with socket.create_server(("127.0.0.1", 0)) as server:
        opened = socket.create_connection(server.getsockname())
        other, _ = server.accept()
    connection = Connection(opened, patience_seconds=10)

    def kept():
        return opened.getsockopt(socket.IPPROTO_TCP, _UNSENT_OPTION)

    assert kept() == 128 * KIB
    for _ in range(3):
        connection.adapt(seconds=0.01)
    assert kept() == 1024 * KIB
    connection.adapt(seconds=0.1)
    assert kept() == 512 * KIB, "ten megabytes a second"
    connection.adapt(seconds=1.0)
    assert kept() == 128 * KIB
    connection.close()
    other.close()
