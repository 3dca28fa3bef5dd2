"""Signing in to the demonstration, once, by an address that `make run` prints."""

from flask import Blueprint, redirect, render_template

from console.demo import accounts
from console.people.views import begin_session, keep_the_demonstration_here
from console.web import public

demo = Blueprint("demo", __name__, url_prefix="/demo")


@demo.get("/sign-in/<token>")
@public
def edit_sign_in(token: str):
    """Only a page with a button: browsers fetch an address that is being typed, to be quicker."""
    user = accounts.find(token)
    keep_the_demonstration_here(user)
    return render_template("demo/sign_in.html", token=token, user=user)


@demo.post("/sign-in/<token>")
@public
def save_sign_in(token: str):
    keep_the_demonstration_here(accounts.find(token))
    begin_session(accounts.spend(token), "demonstration")
    return redirect("/", 303)
