"""What a watch over the server asks: does the process live, can it serve now, and its figures.

/healthz and /readyz are for everybody and name no secret; /metrics is for who has the word of `metrics_token`, or comes
from an address of `metrics_from`. None of them is sent on to HTTPS: who watches asks on the machine itself.
"""

import hmac
import ipaddress
import os

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_talisman import Talisman

from config.errors import Unavailable
from config.networks import networks
from webui.here import gongkai
from webui.proxies import UNKNOWN
from webui.serving.exposition import CONTENT_TYPE, of_processes, of_server, of_store, text_of
from webui.serving.figures import Figures

health = Blueprint("health", __name__)
FIGURES = "gongkai.figures"
"""Under this name the application has its figures."""
RETRY_SECONDS = 5
CLOSED = (
    "这里的数据只给运行人员：须来自设置 metrics_from 里的地址，或者带上设置 metrics_token 的令牌"
    "（Authorization: Bearer …）。前面的代理服务器须登记在 trusted_proxies 里。\n"
)


def let_ask(app: Flask, talisman: Talisman) -> None:
    """Put these pages into the application, open to plain HTTP."""
    app.register_blueprint(health)
    for name in ("alive", "ready", "metrics"):
        view = app.view_functions[f"health.{name}"]
        app.view_functions[f"health.{name}"] = talisman(force_https=False)(view)


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process lives and answers; the store is not asked."""
    return {"alive": True}


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    """Whether requests can be answered now: 503 with what is wrong, in a word each."""
    wanting = gongkai().readiness.wanting()
    if not wanting:
        return {"ready": True}
    return {"ready": False, "wrong": list(wanting)}, 503, {"Retry-After": str(RETRY_SECONDS)}


@health.get("/metrics")
def metrics() -> ResponseReturnValue:
    """The figures of the server and of the store, in the text format of Prometheus."""
    if not _may_read():
        return Response(CLOSED, 403, content_type="text/plain; charset=utf-8")
    figures: Figures = current_app.extensions[FIGURES]
    own = {} if figures.shared else {"process": str(os.getpid())}
    try:
        of_the_store = gongkai().gauges.now()
    except Unavailable:
        of_the_store = None
    names = process_names(figures.processes) if figures.shared else {}
    found = [*of_server(figures, own), *of_processes(figures, names), *of_store(of_the_store)]
    return Response(text_of(found), content_type=CONTENT_TYPE)


def process_names(processes: int) -> dict[int, str]:
    """What the processes of `serve` are called, by slot: alone, or the portal's, those of the desk and the worker."""
    if processes == 1:
        return {0: "all"}
    desks = {slot: f"desk {slot}" for slot in range(1, processes - 1)}
    return {0: "portal", **desks, processes - 1: "worker"}


def _may_read() -> bool:
    settings = gongkai().settings
    word = str(settings["metrics_token"])
    given = request.authorization
    if word and given is not None and given.type == "bearer" and given.token:
        return hmac.compare_digest(given.token.encode(), word.encode())
    if UNKNOWN in request.environ:
        return False
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks(settings["metrics_from"]))
