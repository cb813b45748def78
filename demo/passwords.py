"""`python -m demo.passwords`: gives accounts that everybody's password opens one of their own.

Run before a demo that others can reach. Prints a line with address and password for each, once.
"""

import sys

from sqlalchemy import select
from werkzeug.security import check_password_hash

from app import chance, create_app
from app.extensions import db
from app.models import User
from app.services.organizations import passwords
from app.services.sign_in import hashing
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
            replaced[user.email] = _new_password()
            passwords.keep(user, hashing.make(replaced[user.email]))
    return replaced


def _new_password() -> str:
    """One that somebody can read out: 16 characters, 80 bits, none alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(chance.choice(letters) for _ in range(4)) for _ in range(4))


if __name__ == "__main__":
    sys.exit(main())
