"""The web process's entry points: `server` for granian, `app` for any WSGI server and `flask`."""

import gc
import sys

from sqlalchemy.orm import configure_mappers

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

# What is made once and stays is left out by the garbage collector: a round over all of it would
# halt whatever the process is answering for a sixth of a second, the oftener the busier it is.
configure_mappers()
gc.collect()
gc.freeze()
