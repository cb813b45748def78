"""`flask keys …`: the keys that encrypt tokens."""

import click
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from flask.cli import with_appcontext

from app.extensions import db
from app.models import JiraConnection, PendingGrant
from app.services.grants import key_canary, key_rotation
from app.services.grants.key_rotation import Rotated

keys_group = click.Group("keys", help="Keys that encrypt tokens.")


def init_app(app: Flask) -> None:
    app.cli.add_command(keys_group)


@keys_group.command("generate")
def generate_key() -> None:
    """Print a new key for TOKEN_ENCRYPTION_KEYS. Put it before the older ones."""
    click.echo(Fernet.generate_key().decode())


@keys_group.command("re-encrypt")
@with_appcontext
def reencrypt_tokens() -> None:
    """Put every stored token under the newest key of TOKEN_ENCRYPTION_KEYS.

    Run it when every process knows the new key. Afterwards the older keys can be taken away.
    """
    unreadable = 0
    for holder, name in ((JiraConnection, "connection"), (PendingGrant, "pending grant")):
        done = Rotated()
        for batch in key_rotation.reencrypt_all(holder):
            db.session.commit()
            done += batch
        click.echo(f"{name}s: {done.changed} re-encrypted, {done.current} had the newest key")
        unreadable += done.unreadable
    try:
        key_canary.reencrypt()
    except InvalidToken:
        unreadable += 1
    db.session.commit()
    if unreadable:
        raise click.ClickException(
            f"No key decrypts {unreadable} of them: add the key that is missing and run this "
            "again, or have these organizations connect again."
        )


@keys_group.command("forget-lost")
@with_appcontext
def forget_lost_key() -> None:
    """Start although a key is lost for good. What was stored under it can never be read again.

    Organizations whose tokens it was read that the installation is set up wrongly: have them
    connect again.
    """
    click.confirm("Is the key that was in use lost for good?", abort=True)
    key_canary.begin_anew()
    db.session.commit()
    click.echo("The newest of TOKEN_ENCRYPTION_KEYS is in use now. Start the processes.")


if __name__ == "__main__":
    keys_group()  # needs no configuration, which is what the keys are for
