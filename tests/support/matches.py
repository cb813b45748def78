"""Members and their Jira accounts, as a look-up would have left them."""

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, JiraPerson, MatchState, User


def match(user: User, state: MatchState = MatchState.MATCHED, **values: object) -> JiraPerson:
    connection = db.session.scalars(select(JiraConnection)).one()
    row = JiraPerson(connection_id=connection.id, user=user, state=state, **values)
    if state in {MatchState.MATCHED, MatchState.HIDDEN}:
        row.account_id, row.account_name = f"account-{user.id}", user.name
    db.session.add(row)
    db.session.flush()
    return row
