"""The web process's entry points: `server` for granian, `app` for any WSGI server and `flask`."""

import sys

from app import create_app
from app.serving import Served
from app.web import delivery_answers
from config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(str(error))

delivery_answers.watch(app)
server = Served(app)
