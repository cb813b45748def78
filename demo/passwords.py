"""`python -m demo.passwords`: gives accounts that everybody's password opens one of their own.

Run before a demo that others can reach. Prints a line with address and password for each, once.
"""

import sys

from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from app import create_app
from app.extensions import db
from app.models import User
from app.services.organizations import accounts
from demo.sample import HASH_METHOD, PASSWORD


def main() -> int:
    with create_app().app_context():
        for email, password in replace_known().items():
            print(email, password)
        db.session.commit()
    return 0


def replace_known() -> dict[str, str]:
    """New passwords by address, for every account that the known one opens. Flushes."""
    replaced = {}
    # Only the sample's passwords are hashed so fast; to check the others would take minutes.
    quick = select(User).where(User.password_hash.startswith(f"{HASH_METHOD}$", autoescape=True))
    for user in db.session.scalars(quick.order_by(User.id)):
        if check_password_hash(user.password_hash, PASSWORD):
            replaced[user.email] = accounts.new_password()
            user.password_hash = generate_password_hash(replaced[user.email], accounts.HASH_METHOD)
    db.session.flush()
    return replaced


if __name__ == "__main__":
    sys.exit(main())
