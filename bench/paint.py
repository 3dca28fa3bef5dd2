"""The hold queue in a browser: what its first load weighs, and how soon a cheap phone shows it."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.load import Client
from bench.page import PATH
from bench.stage import PASSWORD, Console, Stage
from bench.table import Line, p50, within

ARGUMENTS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-component-update"
SCREEN = {"width": 360, "height": 800}
PHONE = {"viewport": SCREEN, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
SLOWER = 4
SPEED = 400_000 / 8  # bytes a second, each way
NETWORK = {"offline": False, "latency": 400, "downloadThroughput": SPEED, "uploadThroughput": SPEED}
RUNS = 5

# Without a window a browser may not ask for what only its frame would show.
ICONS = "[...document.querySelectorAll('link[rel~=icon], link[rel=manifest]')].map(e => e.href)"
FETCH = "address => fetch(address).then(answer => answer.blob()).then(() => {})"

PAINTED = """() => new Promise((tell) => new PerformanceObserver((list) => {
    const painted = list.getEntriesByName("first-contentful-paint")[0];
    if (painted) tell(painted.startTime);
}).observe({type: "paint", buffered: true}))"""

# From the tap until the frame with the outcome is on the screen.
WATCH = """() => {
    window.shown = new Promise((tell) => addEventListener("click", (tap) => {
        const outcome = `#${tap.target.closest("article").id} .outcome`;
        const look = () => requestAnimationFrame(() => document.querySelector(outcome)
            ? requestAnimationFrame(() => tell(performance.now() - tap.timeStamp))
            : look());
        look();
    }, {capture: true, once: true}));
}"""


def first_load(stage: Stage) -> list[Line]:
    with _browser() as browser, _phone(browser, stage.small) as context:
        page = context.new_page()
        wire = _Wire(context.new_cdp_session(page))
        page.goto(PATH)
        assert page.locator("article").count() == 50
        page.wait_for_timeout(1000)  # what the scripts ask for once they run
        for address in page.evaluate(ICONS):
            if not wire.has(address):
                page.evaluate(FETCH, address)
        page.wait_for_timeout(200)
    parts = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in wire.sizes().most_common())
    size = wire.sizes().total() / 1000
    return [
        within("first load of the hold queue, 50 cards", size, "kB", 36, parts, digits=1),
        within("its requests", wire.count(), "requests", 7, wire.open_words()),
    ]


def phone(stage: Stage) -> list[Line]:
    cold, warm, decided = [], [], []
    with _browser() as browser:
        for _ in range(RUNS):
            with _phone(browser, stage.small) as context:
                cold.append(_first_paint(_slow(context)))
                page = _slow(context)  # a new tab has only what the browser has kept in files
                warm.append(_first_paint(page))
                decided.append(_decide(page))
    return [
        Line("on a phone: 360 × 800, 4 × slower, 400 kbit/s, 400 ms", f"p50 of {RUNS}"),
        _line("first contentful paint of the hold queue, cold", cold, 1300),
        _line("the same, warm", warm, 800),
        _line("a decision, from the tap until its outcome shows", decided, 1000),
    ]


def _line(what: str, times: list[float], limit: int) -> Line:
    return within(what, p50(times), "ms", limit, f"{min(times):,.0f} to {max(times):,.0f} ms")


@contextmanager
def _browser() -> Iterator[Browser]:
    program = shutil.which("chromium-headless-shell")
    if not program:
        raise SystemExit("a browser is measured too: sudo apt install chromium-headless-shell")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=ARGUMENTS.split())


@contextmanager
def _phone(browser: Browser, console: Console) -> Iterator[BrowserContext]:
    """It has nothing of the console yet but a session."""
    client = Client(console.port).sign_in("administrator", PASSWORD)
    name, _is, value = client.headers["Cookie"].partition("=")
    address = f"http://127.0.0.1:{console.port}"
    with browser.new_context(base_url=address, locale="pl-PL", **PHONE) as context:
        context.add_cookies([{"name": name, "value": value, "url": address}])
        yield context


def _slow(context: BrowserContext) -> Page:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _first_paint(page: Page) -> float:
    page.goto(PATH)
    return page.evaluate(PAINTED)


def _decide(page: Page) -> float:
    page.evaluate(WATCH)
    page.locator("article button.release").first.tap()
    return page.evaluate("window.shown")


class _Wire:
    """What the browser says of its requests; a size is of all that came, headers too."""

    def __init__(self, session: CDPSession):
        self.asked: dict[str, str] = {}
        self.ended: dict[str, int] = {}
        session.on("Network.requestWillBeSent", self._ask)
        session.on("Network.loadingFinished", self._end)
        session.send("Network.enable")

    def _ask(self, event: dict) -> None:
        self.asked[event["requestId"]] = event["request"]["url"]

    def _end(self, event: dict) -> None:
        self.ended[event["requestId"]] = event["encodedDataLength"]  # 0: the browser had it

    def has(self, address: str) -> bool:
        return address in self.asked.values()

    def count(self) -> int:
        return sum(size > 0 for size in self.ended.values())

    def open_words(self) -> str:
        """The live feed is a request too, but none that ends."""
        open = {urlsplit(self.asked[id]).path for id in self.asked.keys() - self.ended.keys()}
        return f"and {', '.join(sorted(open))}, which stays open" if open else ""

    def sizes(self) -> Counter:
        found = Counter()
        for id, size in self.ended.items():
            found[_kind(urlsplit(self.asked[id]).path)] += size
        return found


def _kind(path: str) -> str:
    return {"": "HTML", ".css": "CSS", ".js": "JS"}.get(PurePath(path).suffix, "icons")
