"""What is to be invoiced, for administrators."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_login import current_user

from console.clock import today
from console.groups import invoices as verbs
from console.groups.contracts import in_zloty
from console.web import administrators_only, whole

invoices = Blueprint("invoices", __name__, url_prefix="/groups")


@invoices.get("/invoices")
@administrators_only
def show_invoices():
    return render_template(
        "groups/invoices.html",
        months=verbs.due(),
        marked=whole(request.args.get("marked")),
        in_zloty=in_zloty,
    )


@invoices.get("/invoices.csv")
@administrators_only
def download_invoices():
    name = f"do-faktury-{today().isoformat()}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(verbs.as_csv(verbs.due()), mimetype="text/csv", headers=headers)


@invoices.post("/invoices")
@administrators_only
def save_invoiced():
    """Marks the ticked months as invoiced."""
    marked = verbs.mark(set(request.form.getlist("month")), by=current_user.user)
    return redirect(url_for("invoices.show_invoices", marked=marked), 303)
