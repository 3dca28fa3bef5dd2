"""Whatever is sent is refused or shown harmlessly."""

import html
import json
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from console.entries import decisions
from console.screening.builtin import builtin_screeners
from console.screening.verbs import save
from console.storage import now
from models import Decision, Entry, Profile, Report
from tests.cast import author, event, fresh, rule, submission, take
from tests.hostile import EVIL, PIECES, endless
from tests.intake.test_webhook import PATH, send, signed

DANGEROUS_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/",
    'https://a.example/"onmouseover="alert(1)',
)


@pytest.fixture
def client(app, leoncin):
    return app.test_client()


@pytest.fixture
def pages(browse, administrator, leoncin):
    """Every page that shows an entry, as one text."""

    def pages() -> str:
        client = browse(administrator)
        paths = ["/queue/held", "/queue/incoming", "/queue/reported", "/insight/decisions"]
        paths += [f"/entries/{entry.id}" for entry in Entry.select()]
        answers = [client.get(path) for path in paths]
        assert {answer.status_code for answer in answers} == {200}
        return "\n".join(answer.text for answer in answers)

    return pages


def evil_messages(who: dict, suffix: str) -> list[dict]:
    media = [{"type": kind, "url": EVIL, "alt": EVIL} for kind in ("photo", EVIL[:50])]
    media.append({"type": "photo", "url": "https://a.example/" + EVIL, "alt": EVIL})
    entry = {
        "id": EVIL + suffix,
        "author": who,
        "text": EVIL,
        "url": EVIL,
        "links": [EVIL, "https://a.example/" + EVIL],
        "media": media,
    }
    reporter = {"id": EVIL, "name": EVIL}
    report = {"id": EVIL + suffix, "entry_id": EVIL + suffix, "reason": EVIL, "note": EVIL}
    later = now() + timedelta(seconds=1)
    held = {"by": "platform", "reason": EVIL}
    return [
        event(**entry),
        event("report.created", reporter=reporter, **report),
        event("entry.held", later, **(entry | {"text": EVIL + "!", "held": held})),
        event(kind="comment", parent_id=EVIL + suffix, **(entry | {"id": "answer" + suffix})),
    ]


@pytest.mark.databases("sqlite", "postgres")
def test_html_and_script_in_every_field_are_shown_as_text(client, leoncin, osp, anna, pages):
    unit = author(osp) | {"name": EVIL, "url": EVIL}  # a covered one, for the list of incoming
    for who, suffix in (({"id": EVIL, "name": EVIL, "url": EVIL}, ""), (unit, "2")):
        for message in evil_messages(who, suffix):
            assert send(client, leoncin, message).status_code == 202
    entry = Entry.get(Entry.external_id == "answer")
    decisions.remove(entry, anna, submission(entry), [rule(leoncin)])
    text = pages()
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 20
    assert "<script>" not in text
    assert "<img src=x" not in text
    assert "{{7*7}}" in text  # never a template either
    # A quotation mark ends no attribute: every tag has only attributes that templates wrote.
    for tag in re.findall(r"<[a-z][^<>]*>", text):
        assert not re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag)), tag


def test_an_address_that_is_none_of_the_web_is_never_a_link(client, leoncin, osp, pages):
    for number, link in enumerate(DANGEROUS_LINKS):
        for who in ({"id": "jan", "name": "Jan"}, author(osp)):
            data = {
                "id": f"{number}{who['id']}",
                "author": who | {"url": link},
                "url": link,
                "links": [link],
                "media": [{"type": t, "url": link, "alt": "A"} for t in ("photo", "video")],
                "held": {"by": "platform"},
            }
            assert send(client, leoncin, event(**data)).status_code == 202
    text = pages()
    addresses = [html.unescape(a) for a in re.findall(r' (?:href|src|action)="([^"]*)"', text)]
    assert len(addresses) > 100
    for address in addresses:
        assert address.startswith(("/", "#", "https://")), address
        assert not address.startswith("//"), address


def test_a_link_of_the_web_is_a_link_that_tells_nobody_where_it_was(client, leoncin, pages):
    send(client, leoncin, event(text="idiota", links=["https://a.example/x"]))
    (link,) = set(re.findall(r'<a href="https://a\.example/x"[^>]*>', pages()))
    assert "noreferrer" in link
    assert "noopener" in link


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("bad", [chr(0), chr(0xD800), chr(0xDFFF)], ids=ascii)
def test_what_no_database_can_store_is_replaced_in_every_field(client, leoncin, pages, bad):
    for message in evil_messages({"id": "x", "name": "x", "url": "x"}, ""):
        body = json.dumps(message).replace("alert(1)", json.dumps(bad)[1:-1])
        assert send(client, leoncin, body).status_code == 202
    text = pages()
    assert bad not in text
    assert "\N{REPLACEMENT CHARACTER}" in text
    assert Report.get().entry is not None  # the replaced ids still fit each other


def test_a_whole_surrogate_pair_is_a_character(client, leoncin):
    body = json.dumps(event(text="Jeż 🦔"))
    assert "\\ud83e\\udd94" in body
    send(client, leoncin, body)
    assert Entry.get().text == "Jeż 🦔"


@pytest.mark.parametrize(
    "mark", ["\u202e", "\u2067", "\u200f", "\u202d", "\u2066"], ids=lambda mark: ascii(mark)
)
def test_right_to_left_marks_stay_within_their_field(client, leoncin, pages, mark):
    name = f"{mark}Jan Nowak"
    data = {"author": {"id": "jan", "name": name}, "text": f"{mark}idiota", "held": None}
    data["links"] = [f"https://a.example/{mark}gpj.exe"]
    assert send(client, leoncin, event(**data)).status_code == 202
    text = pages()
    # <bdi> and dir="auto" end the direction with the element; nothing of it stands outside.
    outside = re.sub(r"<bdi>.*?</bdi>", "", text, flags=re.S)
    outside = re.sub(r'<p class="text" dir="auto">.*?</p>', "", outside, flags=re.S)
    outside = re.sub(r'="[^"]*"', "", outside)
    outside = re.sub(r"<title>.*?</title>", "", outside, flags=re.S)
    assert mark in text
    assert mark not in outside


def test_ten_thousand_links_in_the_list_are_refused(client, leoncin):
    links = [f"https://a.example/{number}" for number in range(10_000)]
    answer = send(client, leoncin, event(links=links))
    assert (answer.status_code, answer.json["field"]) == (400, "data.links")


def test_five_thousand_links_in_the_text_are_screened_and_shown(client, leoncin, pages):
    for spec in builtin_screeners():
        save(spec)
    text = " ".join(f"https://{n}.pl" for n in range(4000))
    assert send(client, leoncin, event(text=text)).status_code == 202
    assert "https://3999.pl" in pages()


def test_of_a_hundred_links_and_media_a_list_shows_the_first_and_says_how_many_more(
    client, leoncin, browse, anna
):
    media = [{"type": "photo", "url": f"https://a.example/{n}.jpg"} for n in range(100)]
    links = [f"https://a.example/{n}" for n in range(100)]
    send(client, leoncin, event(text="idiota", links=links, media=media))
    text = browse(anna).get("/queue/held").text
    assert 'href="https://a.example/9"' in text
    assert 'href="https://a.example/10"' not in text
    assert "i jeszcze 90 linków" in text


def test_the_longest_texts_are_screened_by_what_is_delivered(client, leoncin, pages):
    for spec in builtin_screeners():
        save(spec)
    for number, text in enumerate(map(endless, PIECES[:11])):
        who = {"id": f"a{number}", "name": "Autor"}
        answer = send(client, leoncin, event(id=f"p{number}", author=who, text=text))
        assert answer.status_code == 202, text[:20]
        entry = Entry.get(Entry.external_id == f"p{number}")
        assert entry.text == text
        assert entry.held_reason != "failed", text[:20]
    pages()


@pytest.mark.parametrize("year", ["1900", "1969", "0001"])
def test_times_before_there_were_platforms_are_refused(client, leoncin, year):
    answer = send(client, leoncin, event() | {"timestamp": f"{year}-03-01T12:00:00Z"})
    assert (answer.status_code, answer.json["field"]) == (400, "timestamp")


def test_a_senders_clock_may_be_a_little_ahead(client, leoncin):
    assert send(client, leoncin, event(at=now() + timedelta(minutes=4))).status_code == 202
    answer = send(client, leoncin, event(at=now() + timedelta(minutes=6), id="p2"))
    assert answer.status_code == 400


# --- anything at all ------------------------------------------------------------------------------

# With surrogates, NUL and whatever else JSON can carry.
texts = st.text(st.characters(exclude_categories=()), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
zones = st.timezones() | st.none()
times = st.datetimes(timezones=zones).map(lambda moment: moment.isoformat())
known = st.sampled_from(["post", "comment", "p1", "r1", "platform", "entry.held", "", "0"])
anything = values | times | known


def paths(value, way=()):
    """The way to every value within an event."""
    for key in value if isinstance(value, dict) else ():
        yield (*way, key)
        yield from paths(value[key], (*way, key))


@st.composite
def almost_events(draw):
    """An event of some type, with some of its values replaced by anything, or missing."""
    type = draw(st.sampled_from(["entry.created", "entry.updated", "entry.held", "report.created"]))
    message = event(type)
    if type == "entry.held":
        message["data"]["held"] = {"by": "platform", "reason": "spam"}
    message["data"]["media"] = [{"type": "photo", "url": "https://a.example/1", "alt": None}]
    for way in draw(st.lists(st.sampled_from(list(paths(message))), min_size=1, max_size=3)):
        target = message
        for key in way[:-1]:
            target = target.get(key) if isinstance(target, dict) else None
        if isinstance(target, dict):
            if draw(st.booleans()):
                target[way[-1]] = draw(anything)
            else:
                target.pop(way[-1], None)
    return message


unhurried = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@unhurried
@given(message=values)
@example(message=float("nan"))
@example(message={"type": "report.created", "timestamp": [], "data": {}})
def test_any_json_value_is_answered(client, leoncin, message):
    answer = send(client, leoncin, json.dumps(message))
    assert answer.status_code in (202, 400, 413), answer.text
    if answer.status_code == 400:
        assert answer.json["field"]


@unhurried
@given(message=almost_events())
def test_any_event_with_anything_in_a_field_is_answered(client, leoncin, message):
    answer = send(client, leoncin, json.dumps(message))
    assert answer.status_code in (202, 400, 413), answer.text
    if answer.status_code == 400:
        assert answer.json["field"].split(".")[0] in ("type", "timestamp", "data", "body")


@unhurried
@given(
    body=st.binary(max_size=100),
    headers=st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    ),
)
def test_any_bytes_under_any_headers_are_refused(client, leoncin, body, headers):
    assert client.post(PATH, data=body, headers=headers).status_code == 401


def test_what_was_refused_left_nothing_behind(client, leoncin):
    """A report that fails in the last field leaves no half of it."""
    body = json.dumps(event("report.created", created_at="never"))
    assert client.post(PATH, data=body, headers=signed(leoncin, body)).status_code == 400
    counted = (Entry, Report, Profile, Decision)
    assert [model.select().count() for model in counted] == [0, 0, 0, 0]


def test_a_profile_id_of_one_group_is_nothing_in_another(client, leoncin, elsewhere, osp):
    entry = take(elsewhere, author=author(osp), text="idiota")
    assert not fresh(entry).whitelisted
    assert entry.is_held
