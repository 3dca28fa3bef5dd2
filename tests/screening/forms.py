"""A page's form, as a browser would send it."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """Collects what each control of the main form would send, in their order."""

    def __init__(self):
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._within, self._area, self._select = False, None, None
        self._option: dict | None = None

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self._within |= tag == "form" and said.get("id") == "screener"
        if not self._within:
            return
        if tag == "input" and "name" in said:
            if said.get("type") not in ("checkbox", "radio") or "checked" in said:
                self._send(said["name"], said.get("value", ""))
        elif tag == "textarea":
            self._area = [said["name"], ""]
        elif tag == "select":
            self._select = [said["name"], None]
        elif tag == "option" and (self._select[1] is None or "selected" in said):
            self._select[1] = said.get("value", "")

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            name, text = self._area
            self._send(name, text.removeprefix("\r").removeprefix("\n"))  # as a browser does
            self._area = None
        elif tag == "select" and self._select:
            self._send(*self._select)
            self._select = None
        elif tag == "form":
            self._within = False

    def _send(self, name, value):
        self.sent.setdefault(name, []).append(value.replace("\n", "\r\n"))


def form_of(page: str) -> dict[str, list[str]]:
    reader = _Reader()
    reader.feed(page)
    del reader.sent["csrf_token"]
    return reader.sent
