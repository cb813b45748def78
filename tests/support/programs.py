"""Programs of the machine that tests put in front of ours or behind it: nginx and PgBouncer."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.encrypted import Certificate
from tests.support.installation import ROOT
from tests.support.ports import answers, free_port
from tests.support.requirements import need_program

DEPLOY = ROOT / "deploy"


@contextmanager
def pgbouncer(postgresql: str, own: Certificate | None = None) -> Iterator[str]:
    """A pooler in front of the database at `postgresql`, with the settings that we ship and two
    server connections only; its URL. With a certificate it takes encrypted connections alone."""
    program = need_program("pgbouncer", "apt-get install pgbouncer")
    port, parts = free_port(), urlsplit(postgresql)
    socket_folder = parse_qs(parts.query)["host"][0]
    name = parts.path.strip("/")
    folder = _open_folder()
    shipped = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text()
    ours = {
        r"^unpack = .*$": f"{name} = host={socket_folder} user={parts.username}",
        r"^listen_port = .*$": f"listen_port = {port}",
        r"^auth_type = .*$": "auth_type = any\nunix_socket_dir =",
        r"^auth_file = .*$": f"logfile = {folder}/pgbouncer.log",
        r"^default_pool_size = .*$": "default_pool_size = 2",
    }
    for pattern, line in ours.items():
        shipped, count = re.subn(pattern, line, shipped, flags=re.MULTILINE)
        assert count == 1, pattern
    if own:
        shipped += "client_tls_sslmode = require\n"
        for name_of_it, file in (("key", own.key), ("cert", own.certificate)):
            copied = shutil.copy(file, folder)
            os.chmod(copied, 0o644)  # the program gives up being root before it reads it
            shipped += f"client_tls_{name_of_it}_file = {copied}\n"
    (folder / "pgbouncer.ini").write_text(shipped)
    user = ["-u", pwd.getpwuid(os.stat(socket_folder).st_uid).pw_name] if _is_root() else []
    with _running([program, *user, str(folder / "pgbouncer.ini")], port):
        yield f"postgresql://{parts.username}@127.0.0.1:{port}/{name}"


@contextmanager
def nginx(
    web_port: int,
    port: int,
    *,
    below_a_path: bool = False,
    extra: str = "",
    plain_port: int | None = None,
    most: int = 100,
) -> Iterator[Path]:
    """nginx at `port` with the files that we ship, with TLS, in front of `web_port`; its
    access log.

    `extra` goes into its server, `plain_port` leads there from http, and one address has
    `most` connections. Its certificate is its own: nobody should verify it.
    """
    program = need_program("nginx", "apt-get install nginx-light")
    folder = _open_folder()
    shipped = (DEPLOY / "nginx" / "unpack.conf").read_text()
    _certify(folder)
    for theirs, ours in {
        "127.0.0.1:8000": f"127.0.0.1:{web_port}",
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen 127.0.0.1:{plain_port or free_port()}",
        "server_name unpack.example.com": "server_name localhost",
        "limit_conn unpack 100": f"limit_conn unpack {most}",
        "/etc/ssl/unpack.example.com": str(folder),
        "/etc/nginx/unpack": str(DEPLOY / "nginx"),
    }.items():
        assert theirs in shipped
        shipped = shipped.replace(theirs, ours)
    if below_a_path:
        inner = (DEPLOY / "nginx" / "below-a-path.conf").read_text()
        shipped = re.sub(
            r"    location / \{.*?\n    \}\n", lambda _: inner, shipped, count=1, flags=re.S
        )
    shipped = shipped.replace("/var/log/nginx/access.log", str(folder / "access.log"))
    shipped = shipped.replace("server {", "server {\n" + extra, 1) if extra else shipped
    (folder / "unpack.conf").write_text(shipped)
    (folder / "nginx.conf").write_text(_around(folder))
    with _running([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], port):
        yield folder / "access.log"


def _around(folder: Path) -> str:
    user = "user root;" if _is_root() else ""
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    {temporary}
    include {folder}/unpack.conf;
}}
"""


def _certify(folder: Path) -> None:
    command = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        f"-keyout {folder}/privkey.pem -out {folder}/fullchain.pem"
    )
    subprocess.run(command.split(), check=True, capture_output=True)


def _open_folder() -> Path:
    """One that a program may enter that gives up being root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    return folder


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 20
        while not answers(port):
            assert process.poll() is None, f"it ended: {process.communicate()[0].decode()}"
            assert time.monotonic() < deadline, "it does not listen"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _is_root() -> bool:
    return os.geteuid() == 0
