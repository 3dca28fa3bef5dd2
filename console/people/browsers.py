"""What a browser's User-Agent says in plain words, so that people know their own devices."""

# Most browsers also name those that they descend from: the first that fits counts.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Opera": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Vivaldi/": "Vivaldi",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "HeadlessChrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


def browser_of(user_agent: str) -> str:
    """Its name; "" for one that is not known."""
    return _named(user_agent, BROWSERS)


def system_of(user_agent: str) -> str:
    return _named(user_agent, SYSTEMS)


def _named(user_agent: str, names: dict[str, str]) -> str:
    return next((name for part, name in names.items() if part in user_agent), "")
