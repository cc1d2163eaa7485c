import socket

import pytest

from playground.__main__ import PORT, UNAVAILABLE, _free_port, main


def test_a_port_in_use_is_refused_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == UNAVAILABLE
    assert f"Port {port} can't be used: choose another one with --port" in capsys.readouterr().err


def test_a_number_that_is_no_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "70000"]) == UNAVAILABLE
    assert "Port 70000 can't be used" in capsys.readouterr().err


def test_without_a_wish_a_free_port_is_found() -> None:
    assert _free_port(None) in {PORT, 0}
    assert _free_port(0) == 0
