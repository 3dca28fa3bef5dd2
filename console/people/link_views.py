"""What a one-time link opens: its user sets a password, and is signed in."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for

from console.errors import Refused
from console.people import links as verbs
from console.people.forms import LinkForm
from console.people.views import begin_session
from console.web import public
from models import User

links = Blueprint("links", __name__, url_prefix="/people/links")


@links.get("/<token>")
@public
def edit_password(token: str):
    """Uses nothing up: a messenger may open a link to show a preview of it."""
    return _page(verbs.find(token).user, LinkForm())


@links.post("/<token>")
@public
def save_password(token: str):
    form = LinkForm(request.form)
    asked = verbs.find(token).user
    try:
        form.check()
        revoke = form.revoke_passkeys.data
        user = verbs.use(token, form.password.data, revoke_passkeys=revoke)
    except Refused as refusal:
        form.add_error(refusal)
        return _page(asked, form, refusal.status)
    begin_session(user, "link")
    return redirect(url_for("queue.home"), 303)


def _page(user: User, form: LinkForm, status: int = 200):
    g.without_frame = True  # it is not about whoever is signed in here
    page = render_template("people/set_password.html", user=user, form=form)
    answer = make_response(page, status)
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return answer
