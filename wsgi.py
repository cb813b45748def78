"""The web process's entry point."""

import sys

from app import create_app
from config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(str(error))
