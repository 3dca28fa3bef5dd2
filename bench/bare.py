"""The yardstick: a Flask page of 50 static rows, with nothing else in it."""

from flask import Flask, render_template
from jinja2 import DictLoader

PAGE = """<!doctype html>
<title>Bare</title>
<table>
{% for row in rows %}
<tr id="row-{{ row.id }}"><td>{{ row.author }}</td><td>{{ row.text }}</td><td>{{ row.at }}</td></tr>
{% endfor %}
</table>
"""
ROWS = [
    {
        "id": number,
        "author": f"Autorka {number}",
        "text": "Dzień dobry, o której jutro otwarta jest biblioteka? " * 3,
        "at": "23.11.2026 14:05",
    }
    for number in range(50)
]

app = Flask("bare")
app.jinja_loader = DictLoader({"page.html": PAGE})


@app.get("/")
def page():
    return render_template("page.html", rows=ROWS)
