"""A server of recorded bodies in a process of its own, each answered after a set latency: `with serving(folder, 0.05)`.

A body lies in the file whose name is the path, and the page where one is asked for, with `_` for `/`. It is read anew
for each request, so that changing a file changes the source.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


@contextmanager
def serving(folder: Path, latency: float) -> Iterator[str]:
    """The address of the server, which is gone after the block. `latency` in seconds, before the first byte."""
    command = [sys.executable, __file__, str(folder), str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield f"http://127.0.0.1:{child.stdout.readline().strip()}"
        finally:
            child.terminate()


def name(path: str, page: str = "") -> str:
    """The file of a body."""
    return f"{path.strip('/')}{page and '-'}{page}".replace("/", "_")


def main() -> None:
    folder, latency = Path(sys.argv[1]), float(sys.argv[2])

    class Exchange(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            body = (folder / name(asked.path, parse_qs(asked.query).get("page", [""])[0])).read_bytes()
            time.sleep(latency)
            self.send_response(200)
            self.send_header("Content-Type", "application/atom+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is told: the other side measures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
