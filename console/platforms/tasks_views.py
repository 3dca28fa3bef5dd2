"""*To do*: what people must do on the platforms, and what they say of it."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user

from console import config
from console.clock import lately
from console.errors import Refused
from console.frame import frame_of
from console.language import N_
from console.outbox.platform import PLATFORMS
from console.platforms import tasks as verbs
from console.platforms.tasks import After, Task, broken_rules, find, page, shown
from console.platforms.tasks_words import note, place, what_to_do
from console.queue.decision_views import made, refused
from console.queue.views import form_fields, my_desk
from console.web import htmx, local, unattended, whole
from models import Delivery

tasks = Blueprint("tasks", __name__, url_prefix="/platforms/tasks")


@tasks.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_list("tasks", "tasks.show_tasks", N_("To do"))
    frame.add_part("top", "platforms/tasks_overdue.html")
    frame.add_context(_overdue)


def _overdue() -> dict:
    """Since when the oldest task is due, if for too long."""
    oldest = my_desk().oldest_task
    late = oldest and g.now - oldest >= config.settings().task_patience
    return {"tasks_due_since": oldest if late else None}


@tasks.get("")
def show_tasks():
    return _page()


@tasks.get("/<id:id>")
@unattended
def show_task(id: int):
    """The one task as it now is: for pages that show it, and after it was settled."""
    find(current_user.user, id)
    if htmx:
        return _row(id)
    return redirect(url_for("tasks.show_tasks", shown=id), 303)


@tasks.post("/<id:id>/open")
def open_task(id: int):
    """Notes who opens it, and leads to the platform: only where its link is one of Facebook's."""
    delivery = find(current_user.user, id)
    address = place(shown(id).url)
    if address is None or address.canonical is None:
        return _page(id, verbs.no_address()), 400
    verbs.open_task(delivery, current_user.user)
    return redirect(address.canonical, 303)


@tasks.post("/<id:id>/<any(done, not_possible, not_done):said>")
def settle(id: int, said: str):
    g.back = local(request.form.get("back"))
    delivery = find(current_user.user, id)
    why = [request.form.get("why", "")] if said == "not_possible" else []
    try:
        getattr(verbs, said)(delivery, current_user.user, *why)
    except Refused as refusal:
        return _answer(delivery, refusal), refusal.status
    return _answer(delivery)


def _answer(delivery: Delivery, refusal: Refused | None = None):
    """On its card, where it was said there; else on the list."""
    if delivery.entry_id and not (g.back or "").startswith(url_for("tasks.show_tasks")):
        return refused(delivery.entry_id, refusal) if refusal else made(delivery.entry_id)
    words = refusal.message if refusal else ""
    if htmx:
        return _row(delivery.id, words)
    if refusal:
        return _page(delivery.id, words)
    return redirect(url_for("tasks.show_tasks", shown=delivery.id), 303)


def _page(id: int | None = None, refusal: str = "") -> str:
    after = After.parse(request.args.get("after"))
    listed, following = page(current_user.user, after)
    top = _on_top(id or whole(request.args.get("shown")))
    rest = [task for task in listed if task not in top]
    return render_template(
        "platforms/tasks.html",
        top=top,
        listed=rest,
        next=following,
        refusal=refusal,
        **_words([*top, *rest]),
    )


def _on_top(id: int | None) -> list[Task]:
    """What was just settled or refused."""
    return [shown(find(current_user.user, id).id)] if id else []


def _row(id: int, refusal: str = "") -> str:
    task = shown(id)
    return render_template(
        "platforms/tasks_row_made.html", task=task, refusal=refusal, **_words([task])
    )


def _words(tasks: list[Task]) -> dict:
    rules = broken_rules(tasks)
    return {
        "base": url_for("tasks.show_tasks"),
        "entries": url_for("queue.show_entry", id=0).removesuffix("0"),
        "what_to_do": what_to_do,
        "place": place,
        "note": lambda task: note(task, rules.get(task.decision_id or 0, [])),
        "rules": rules,
        "lately": lambda at: lately(at, g.now),
        "there": {name: platform.there for name, platform in PLATFORMS.items()},
        "form_fields": form_fields(),
    }
