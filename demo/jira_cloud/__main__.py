"""python -m demo.jira_cloud"""

import argparse
import signal
import sys
import threading

from demo.jira_cloud.server import start
from demo.jira_cloud.state.world import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI


def main() -> int:
    """Serve until TERM or INT; returns the exit code."""
    options = _options()
    try:
        running = start(
            port=options.port,
            state_path=options.state,
            client_id=options.client_id,
            client_secret=options.client_secret,
            redirect_uris=options.redirect_uri or [REDIRECT_URI],
            host=options.host,
        )
    except OSError as error:
        place = f"{options.host}:{options.port}"
        print(f"The stand-in Jira Cloud cannot serve at {place}: {error.strerror}", file=sys.stderr)
        return 1
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    print(f"Stand-in Jira Cloud ready at {running.url}", flush=True)
    ended.wait()
    running.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.jira_cloud", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=5051, help="0 takes a free one")
    parser.add_argument("--state", help="SQLite file; in memory when left out")
    parser.add_argument("--client-id", default=CLIENT_ID)
    parser.add_argument("--client-secret", default=CLIENT_SECRET)
    parser.add_argument("--redirect-uri", action="append", help="may be given several times")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
