"""The corpus of tests/hostile.py at every door: what cannot be taken is refused in words, never a 500;
what was taken is shown as text."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from secrets import token_hex
from urllib.parse import quote, urlencode

import pytest
from flask import url_for
from peewee import fn

from console.entries import decisions
from console.groups.forms import (
    ContractForm,
    CorrectionForm,
    EndForm,
    GroupForm,
    PaperForm,
    ProfileForm,
    RuleForm,
    UnitForm,
)
from console.insight.audit import Filter as AuditFilter
from console.insight.decisions import Filter
from console.intake.forms import CaptureForm
from console.intake.importing import import_file
from console.people import signin
from console.people.forms import (
    ChangePasswordForm,
    ConfirmForm,
    LinkForm,
    NewUserForm,
    PasskeyForm,
    SignInForm,
)
from console.platforms import connections
from console.platforms.forms import MailForm, PlansForm
from console.queue.criteria import Criteria
from console.screening import replay
from console.screening.builtin import builtin_screeners
from console.screening.forms import FORMS
from console.storage import now
from models import AuditRecord, Delivery, Entry, Note, Profile, Report, Round, Rule, Screener
from tests.cast import event, fresh, on_facebook, rule, submission, take
from tests.hostile import BODIES, TEXTS, VALUES, wire
from tests.intake.test_webhook import PATH, signed

ANSWERS = {200, 303, 308, 400, 404, 409, 413, 429}  # 308: two slashes become one
# What no template of ours writes: it can only be a text that was not escaped.
MARKUP = re.compile(r"<script>|<img src=x|</textarea></title>|<%=|\" onmouseover=|<p>\Z")

DECISION = ["key", "version", "back", "decision", "note"]
FRAGMENTS = "/queue/cards", "/queue/mine/undo"  # only scripts ask for
# The fields of each form, as its class or its view names them.
FIELDS = {
    "authors.save_note": ["text"],
    "authors.strike_note": [],
    "decisions.save_decision": DECISION,
    "decisions.save_decisions": [*DECISION, "entry"],
    "demo.save_sign_in": [],
    "authors.save_takeover": ["key"],
    "groups.save_new_group": [*GroupForm()._fields],
    "groups.save_new_contract": [*ContractForm()._fields],
    "groups.save_contract": [
        *CorrectionForm()._fields,
        *EndForm()._fields,
        *PaperForm()._fields,
        "change",
    ],
    "invoices.save_invoiced": ["month"],
    "groups.save_new_unit": [*UnitForm()._fields],
    "groups.save_unit": ["change"],
    "groups.save_unit_list": ["text", "change"],
    "groups.save_new_profile": [*ProfileForm([])._fields],
    "groups.save_profile": ["change", "reason"],
    "rules.save_new_rule": [*RuleForm()._fields],
    "rules.save_rule": [*RuleForm()._fields, "change"],
    "intake.save_capture": [*CaptureForm([], [])._fields, "look", "share", "decision", "key"],
    "intake.save_missing": ["link", "text", "author", "profile"],
    "links.save_password": [*LinkForm()._fields],
    "mine.undo_newest": ["key", "back"],
    "passkeys.revoke": [],
    "passkeys.save_passkey": [*PasskeyForm()._fields],
    "passkeys.sign_in": ["response", "next"],
    "passkeys.begin": [],
    "passkeys.confirm": ["response"],
    "people.save_language": ["language", "back"],
    "people.save_new_user": [*NewUserForm([])._fields],
    "people.save_password": [*ChangePasswordForm()._fields],
    "people.save_sign_in": [*SignInForm()._fields, "next"],
    "people.save_user": ["group", "change"],
    "people.sign_out": [],
    "platforms.resend": [],
    "platforms.resend_all": [],
    "preapprovals.save_preapproval": ["preapproved"],
    "queue.save_topic": ["topic", "back"],
    "rounds.save": [*PlansForm()._fields],
    "rounds.save_mail": [*MailForm()._fields],
    "rounds.save_rounds": ["check", "changed", "found-1", "seen-1", "after"],
    "screening.save_mode": ["mode"],
    "screening.save_new_screener": ["do", "text", "last"],
    "screening.save_screener": ["do", "text", "last", "version"],
    "screening.try_text": ["group", "text"],
    "tasks.open_task": [],
    "tasks.settle": ["why", "back"],
    "sessions.end_others": [],
    "sessions.end_session": [],
    "sessions.save_confirm": [*ConfirmForm()._fields, "name"],
    "shares.save_share": ["title", "text", "url"],
}
COMPOUND = {
    "words": ["alone.base", "alone.forms", "with_cue.base", "with_cue.forms"],
    "pattern": ["pattern_name", "pattern"],
}
TASKS = "tasks.open_task", "tasks.settle", "tasks.show_task"  # of what a person must do
# The parameters of each page's address.
PARAMETERS = {
    "authors.show_author": ["after", "held"],
    "demo.edit_sign_in": [],
    "groups.show_group": [],
    "invoices.download_invoices": [],
    "invoices.show_invoices": ["marked"],
    "groups.show_groups": [],
    "rules.edit_rules": [],
    "health.healthz": [],
    "insight.show_audit": [*AuditFilter._fields, "before"],
    "insight.show_memory": ["group"],
    "insight.show_decisions": [*Filter._fields, "before"],
    "intake.edit_capture": ["group", "link", "text", "author", "stands", "share", "left_out"],
    "intake.edit_missing": [],
    "intake.show_ways": [],
    "live.feed": ["after"],
    "links.edit_password": [],
    "live.show_cards": ["id", "since"],
    "mine.show_mine": ["before"],
    "passkeys.edit_passkeys": [],
    "passkeys.options_to_add": [],
    "passkeys.options_to_sign_in": [],
    "people.edit_account": [],
    "people.edit_sign_in": ["next"],
    "people.edit_users": [],
    "pictures.show_picture": [],
    "platforms.show_failed": ["again"],
    "preapprovals.show_preapprovals": ["group"],
    "queue.edit_filters": [*Criteria._fields, "list"],
    "queue.home": [],
    "queue.show_entry": ["before", "change"],
    "queue.show_list": [*Criteria._fields, "after", "decided"],
    "queue.show_reporter": ["before"],
    "rounds.edit_plans": [],
    "rounds.show_rounds": ["after", "checked", "found", "signalled"],
    "screening.edit_new_screener": [],
    "screening.edit_screener": ["saved"],
    "screening.list_screeners": [],
    "screening.show_replay": [],
    "sessions.show_sessions": [],
    "shares.edit_share": ["u", "t", "url", "text", "title"],
    "shares.show_manifest": [],
    "static": ["v"],
    "tasks.show_task": [],
    "tasks.show_tasks": ["after", "shown"],
}


@pytest.fixture
def scene(leoncin, elsewhere, anna, osp, administrator):
    """One of everything that an address or a form can name."""
    entry = take(leoncin, id="held", text="Sąsiad to idiota.")
    take(leoncin, "report.created", id="r1", entry_id="held")
    connections.set_address(leoncin, "https://platform.example/")
    decisions.tag(entry, anna, submission(entry), [Rule.get()])
    Delivery.update(state=Delivery.FAILED).execute()
    Note.create(profile=entry.profile, by=administrator, text="Notatka")
    Round.create(group=leoncin, queue="pending", due=now())
    replay.begin(builtin_screeners()[0], None, replay.SIZES[0], administrator)
    elsewhere_too = take(on_facebook(elsewhere), id="seen")
    decisions.remove(elsewhere_too, administrator, submission(elsewhere_too), [rule(elsewhere)])
    return fresh(entry)


def valid(endpoint: str, entry: Entry) -> dict[str, str]:
    """The other fields of a form, so that the one that is not valid is not passed over."""
    version, key = str(fresh(entry).version), token_hex(8)
    decision = {"key": key, "version": version, "decision": "tag:spam", "back": "/queue/held"}
    screener = {"name": "Nowy", "rule": "spam", "mode": "off", "alone": "abc", "pattern": "abc"}
    screener |= {"domains": "a.pl", "hours": "1", "times": "1", "entries": "1", "find": "pesel"}
    return {
        "decisions.save_decision": decision,
        "decisions.save_decisions": decision | {"entry": f"{entry.id}:{version}"},
        "groups.save_new_group": {
            "name": "Górki",
            "slug": "gorki",
            "municipality": "Górki",
            "teryt": "1414052",
        },
        "groups.save_new_contract": {"starts": "2036-01-01", "ends": "2036-02-01", "price": "1"},
        "groups.save_contract": {"change": "end", "last_day": "2031-01-01"},
        "groups.save_new_unit": {"kind": "ngo", "type": "fundacja", "name": "Nasza"},
        "groups.save_unit": {"change": "on"},
        "groups.save_new_profile": {"unit": "1", "external_id": "77", "name": "Nasza", "url": ""},
        "groups.save_profile": {"change": "on"},
        "rules.save_rule": {"name": "Spam", "change": "rename"},
        "intake.save_capture": {"group": "leoncin", "text": key, "author": "Jan", "link": ""},
        "passkeys.save_passkey": {"name": key, "response": "{}"},
        "people.save_new_user": {"name": key, "role": "moderator"},
        "people.save_user": {"change": "seats", "group": "1"},
        "preapprovals.save_preapproval": {"preapproved": "yes"},
        "rounds.save": {name: "1" for name in PlansForm()._fields if name.startswith("hours")},
        "rounds.save_rounds": {"check": "1", "found-1": "1"},
        "screening.save_new_screener": screener | {"do": "save", "letters": "9", "share": "50"},
        "screening.save_screener": screener | {"do": "try", "version": "1", "text": "abc"},
    }.get(endpoint, {})


class Door:
    """Sends forms and addresses as they are, and looks at what comes back."""

    def __init__(self, client, app):
        self.client, self.app = client, app
        page = client.get("/people/account").text
        self.token = page.split('name="csrf_token" value="')[1].split('"')[0]

    def open(self, path: str, said: dict[str, str], what: str) -> None:
        query = urlencode({name: wire(text) for name, text in said.items()})
        self._check(self.client.get(f"{path}?{query}"), f"GET {path} {what}")

    def submit(self, path: str, said: dict[str, str], what: str) -> int:
        form = {"csrf_token": self.token} | said
        body = urlencode({name: wire(text) for name, text in form.items()})
        kind = "application/x-www-form-urlencoded"
        return self._check(
            self.client.post(
                path, data=body, content_type=kind, headers={"Sec-Fetch-Site": "same-origin"}
            ),
            f"POST {path} {what}",
        )

    def _check(self, answer, asked: str) -> int:
        assert answer.status_code in ANSWERS, (asked, answer.status)
        if answer.mimetype == "text/html" and answer.status_code not in (303, 308):
            assert "<main" in answer.text or asked.split()[1].startswith(FRAGMENTS), asked
            assert not MARKUP.search(answer.text), asked
            if answer.status_code != 200:
                assert re.search('class="(error|refusal|unseen)', answer.text), asked
        return answer.status_code


def messages(text: str, number: int) -> list[dict]:
    """The text in every field, cut to what each of them takes; and as it is."""

    def with_it(short: str, address: str, note: str) -> list[dict]:
        media = [{"type": text[:50], "url": address, "alt": address}]
        who = {"id": short, "name": short, "url": address}
        entry = {"author": who, "text": text, "url": address, "links": [address], "media": media}
        held = {"by": "platform", "reason": text[:1000]}
        report = {"entry_id": short, "reason": text[:1000], "note": note}
        return [
            event(id=short, **entry),
            event("entry.held", id=short, **entry | {"held": held}),
            event("report.created", id=short, reporter={"id": short, "name": short}, **report),
        ]

    answer = event(id=f"{number}", kind="comment", parent_id=text[:255] or "?", text=text)
    whole = with_it(text, text, text) if 255 < len(text) <= 10_000 else []
    return [*with_it(text[:255], text[:2000], text[:10_000]), *whole, answer]


def wrong_messages() -> list[dict]:
    """Values of another kind in every field, also in those that are not the message's own."""
    wrong = VALUES.values()
    made = [event() | {key: value} for key in event() for value in wrong]
    names = {*event()["data"], *event("report.created")["data"], "by"}
    for type in ("entry.created", "entry.removed", "report.created", "report.withdrawn"):
        made += [event(type, **{name: value}) for name in names for value in wrong]
    return made


def all_bodies() -> list[bytes]:
    texts = [m for n, text in enumerate(TEXTS.values()) for m in messages(text, n)]
    return [
        *BODIES.values(),
        *(
            json.dumps(message).encode()
            for message in (*VALUES.values(), *wrong_messages(), *texts)
        ),
    ]


@pytest.mark.slow
def test_the_webhook_and_the_import_take_the_same_and_show_it_as_text(
    app, scene, browse, administrator, leoncin, tmp_path
):
    bodies, client, taken = all_bodies(), app.test_client(), 0
    file = tmp_path / "messages.jsonl"
    lines = [body for body in bodies if b"\n" not in body and body.strip()]
    file.write_bytes(b"\n".join(lines))
    for body in bodies:
        headers = signed(leoncin, body.decode(errors="replace"))
        answer = client.post(PATH, data=body, headers=headers)
        # What is no UTF-8 cannot be signed.
        expected = (202, 400, 413) if _is_utf8(body) else (401,)
        assert answer.status_code in expected, (body[:200], answer.text)
        assert answer.status_code == 202 or answer.json["detail"], body[:200]
        taken += answer.status_code == 202 and body in lines
    result = import_file(leoncin, file)
    assert (result.taken, result.rejected) == (taken, len(lines) - taken)
    assert taken > 3 * len(TEXTS)
    show_everything(Door(browse(administrator), app))


def _is_utf8(body: bytes) -> bool:
    return body.decode(errors="ignore").encode() == body


def show_everything(door: Door) -> None:
    """Every page that shows what was taken."""
    paths = [
        "/insight/decisions",
        "/insight/audit",
        "/people/users",
        "/groups/",
        "/groups/leoncin",
        "/groups/invoices",
        "/groups/invoices.csv",
        "/groups/leoncin/rules",
        "/screening/",
    ]
    paths += [f"/queue/{name}" for name in ("held", "incoming", "reported", "all")]
    posts = Entry.select().where(Entry.kind == Entry.POST)  # with the comments below them
    paths += [f"/entries/{post.id}" for post in posts]
    paths += [f"/queue/authors/{profile.id}" for profile in Profile.select()]
    paths += [f"/queue/reports/{report.id}/reporter" for report in Report.select()]
    paths += [f"/screening/{screener.id}" for screener in Screener.select()]
    for path in paths:
        door.open(path, {}, "")


def addresses(app, method: str, administrator) -> dict[str, list[str]]:
    """{endpoint: its paths}, of all that answers to the method."""
    paths = defaultdict(list)
    ids = {"people.save_user": administrator.id, "platforms.resend": Delivery.get().id}
    ids |= dict.fromkeys(TASKS, Delivery.get(Delivery.to_do()).id)
    for at in app.url_map.iter_rules():
        if method not in at.methods or at.endpoint == "webhooks.incoming":
            continue
        values = {"id": ids.get(at.endpoint, 1), "note_id": 1, "slug": "leoncin"}
        values |= {"filename": "base.css", "token": "none"}
        several = {"kind": FORMS, "name": ("held", "incoming", "reported", "all")}
        several["what"] = ("address", "text", "author")
        several["said"] = "not_possible", "not_done", "done"
        names = [name for name in several if name in at.arguments]
        for value in several[names[0]] if names else ("",):
            values |= dict.fromkeys(names, value)
            with app.test_request_context():
                path = url_for(at.endpoint, **{each: values[each] for each in at.arguments})
            paths[at.endpoint].append(path)
    return paths


def fields_of(endpoint: str, path: str) -> list[str]:
    """The form's fields; those of a screener are of its kind."""
    if endpoint == "screening.save_new_screener":
        kind = path.rpartition("/")[2]
    elif endpoint == "screening.save_screener":
        kind = Screener.get().kind
    else:
        return FIELDS[endpoint]
    names = [*FORMS[kind]()._fields, *COMPOUND.get(kind, ())]
    return [*names, *FIELDS[endpoint]]


def test_every_form_refuses_in_words_or_takes_what_can_be_shown(
    app, scene, browse, administrator, monkeypatch
):
    monkeypatch.setattr(signin, "_dummy_hash", lambda: administrator.password_hash)
    door = Door(browse(administrator), app)
    before = AuditRecord.select(fn.MAX(AuditRecord.id)).scalar()
    paths = addresses(app, "POST", administrator)
    assert set(paths) == set(FIELDS)  # a new form is fed too
    for turn, endpoint in enumerate(paths):
        for (what, text), path, place in rounds(turn, paths[endpoint]):
            fields = fields_of(endpoint, path)
            said = valid(endpoint, scene)
            said |= dict.fromkeys(fields[place % len(fields) :][:1], text) if fields else {}
            door.submit(path, said, what)
            if endpoint in ("people.sign_out", "sessions.end_session"):
                door = Door(browse(administrator), app)
            if not fields:
                break
    show_everything(door)
    # Whatever a page changed, it told the verb by whom: none means a command.
    recorded = AuditRecord.select().where(AuditRecord.id > before)
    assert {row.by for row in recorded} == {administrator}


def rounds(turn: int, paths: list[str]) -> Iterator[tuple[tuple[str, str], str, int]]:
    """Every third text, each at the next of the paths; and a number that goes up with each round.

    What one form does not get, the next two do: the corpus and the forms are both large.
    """
    texts = list(TEXTS.items())[turn % 3 :: 3]
    for number, text in enumerate(texts):
        yield text, paths[number % len(paths)], turn + number // len(paths)


def test_every_parameter_of_an_address_may_be_anything(app, scene, browse, administrator):
    door = Door(browse(administrator), app)
    paths = addresses(app, "GET", administrator)
    assert set(paths) == set(PARAMETERS)  # a new page is fed too
    for turn, endpoint in enumerate(paths):
        names = PARAMETERS[endpoint]
        for (what, text), path, place in rounds(turn, paths[endpoint]) if names else ():
            door.open(path, {names[place % len(names)]: text}, what)


def test_every_search_of_every_list_is_answered(app, scene, browse, anna):
    door = Door(browse(anna), app)
    for number, (what, text) in enumerate(TEXTS.items()):
        name = ("held", "reported", "incoming", "all")[number % 4]
        door.open(f"/queue/{name}", {"q": text}, what)
        door.open("/queue/all", {"q": f"autor:{text} idiota"}, what)


def test_every_name_in_an_address_may_be_anything(app, scene, browse, administrator):
    door = Door(browse(administrator), app)
    for number, (what, text) in enumerate(TEXTS.items()):
        name = quote(wire(text[:2000]))
        paths = "/groups/{}/rules", "/screening/new/{}", "/entries/{}", "/{}", "/demo/sign-in/{}"
        path = paths[number % len(paths)]
        door.open(path.format(name), {}, what)
        assert app.test_client().post(f"/webhooks/in/{name}").status_code in (400, 401, 404, 405)


def test_nul_is_refused_in_the_second_value_of_a_field_too(scene, browse, administrator):
    client = browse(administrator)
    form = {"name": "Nowy", "rule": "spam", "mode": "off", "pattern_name": ["a", "\0"]}
    answer = client.submit("/screening/new/pattern", **form, pattern=["a", "b"])
    assert answer.status_code == 400
    assert client.get("/queue/cards?id=1&id=%00").status_code == 400


def test_every_header_may_be_anything(scene, browse, administrator):
    client = browse(administrator)
    for what, text in TEXTS.items():
        line = re.sub(r"[\r\n\0]", "", text[:2000]).encode("latin-1", "ignore").decode("latin-1")
        names = ("HX-Current-URL", "Referer", "Last-Event-ID", "Accept", "Accept-Language")
        headers = dict.fromkeys(names, line) | {"HX-Request": "true"}
        for path in ("/queue/live", "/queue/cards?id=1", "/nowhere"):
            assert client.get(path, headers=headers).status_code in ANSWERS, (path, what)
