"""The web process's entry points: `server` for granian, `app` for any WSGI server and `flask`."""

import sys

from app import create_app
from app.serving import Served
from app.web import delivery_answers
from app.web.intake import Intake
from config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(str(error))

intake = Intake(app, delivery_answers.watch(app))
server = Served(app, app.config["WEB_THREADS"], intake)
