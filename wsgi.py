"""The application, for gunicorn and for `flask --app wsgi`."""

from console import create_app

app = create_app()
