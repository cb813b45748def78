"""Encrypted ways to what does not speak TLS itself, with a certificate of our own."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple


class Certificate(NamedTuple):
    """Signed by itself, for this machine: who trusts it, names the file as the authority."""

    certificate: Path
    key: Path


def certify(folder: Path) -> Certificate:
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        f" -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout {made.key}"
        f" -out {made.certificate}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return made


@contextmanager
def encrypted_way(to: int, own: Certificate) -> Iterator[int]:
    """A port that speaks TLS and hands on what comes to the port `to` of this machine."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = threading.Thread(target=_accept, args=(listening, context, to), daemon=True)
        accepting.start()
        yield int(listening.getsockname()[1])


def _accept(listening: socket.socket, context: ssl.SSLContext, to: int) -> None:
    with suppress(OSError):  # closed at the end
        while True:
            plain, _ = listening.accept()
            threading.Thread(target=_hand_on, args=(plain, context, to), daemon=True).start()


def _hand_on(plain: socket.socket, context: ssl.SSLContext, to: int) -> None:
    with suppress(OSError), context.wrap_socket(plain, server_side=True) as outside:
        inside = socket.create_connection(("127.0.0.1", to))
        back = threading.Thread(target=_copy, args=(inside, outside), daemon=True)
        back.start()
        _copy(outside, inside)
        inside.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while found := source.recv(65536):
            target.sendall(found)
