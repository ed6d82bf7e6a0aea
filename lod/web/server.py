"""Serve a site with waitress until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from lod.config import Settings
from lod.store.base import PublishedSite
from lod.web.app import create_app
from lod.web.service import EXTENSION

_LOG = logging.getLogger(__name__)
_REQUEST_HEADER_BYTES = 65_536
_STALLED_CLIENT_S = 60


class _Stop(KeyboardInterrupt):
    """Raised in the main thread by a signal; waitress takes a KeyboardInterrupt as the wish to shut down."""


def serve(settings: Settings, site: PublishedSite, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a site; return after SIGINT or SIGTERM, with requests answered that had begun and all workers ended.

    Args:
        settings: of the site.
        site: what is published.
        host: address to listen on.
        port: port to listen on, 0 for any free one.
        ready: called once with the address that answers, "http://127.0.0.1:8000/".

    Raises:
        OSError: the address cannot be listened on.
    """
    from waitress.server import create_server

    app = create_app(settings, site)
    pool = app.extensions[EXTENSION].pool
    server = create_server(
        app,
        host=host,
        port=port,
        threads=settings.threads,
        ident=None,
        max_request_body_size=3 * settings.max_query_bytes + 4_096,
        max_request_header_size=max(_REQUEST_HEADER_BYTES, 3 * settings.max_query_bytes + 16_384),
        # A result is taken from its worker as fast as it comes; what a slow client has not read yet waits on disk.
        outbuf_high_watermark=settings.max_result_bytes + (1 << 20),
        channel_timeout=_STALLED_CLIENT_S,
        clear_untrusted_proxy_headers=True,
    )
    previous = _stop_on_signals()
    pool.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{_port_of(server, port)}{app.extensions[EXTENSION].addresses.mount}")
        server.run()
    except _Stop:
        pass  # it came before or after the loop, which catches it otherwise
    finally:
        _LOG.info("stopping")
        for number, handler in previous.items():
            signal.signal(number, handler)
        pool.close()
        server.task_dispatcher.shutdown()
        server.close()


def _port_of(server: object, port: int) -> int:
    # A host name with several addresses gives a server for each.
    for listening in getattr(server, "effective_listen", ()):
        return int(listening[1])
    return int(getattr(server, "effective_port", port))


def _stop_on_signals() -> dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None]:
    """Make SIGINT and SIGTERM stop the server, where this thread may say so; return the handlers there were."""
    if threading.current_thread() is not threading.main_thread():
        return {}

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stop

    return {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
