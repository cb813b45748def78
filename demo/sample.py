"""The sample organizations: `python -m demo.sample load` adds them, `reset` empties everything.

Others rely on what is here: names, addresses, passwords, titles. Loading twice changes nothing.
"""

import sys
from datetime import date, timedelta

from sqlalchemy import select

from app import create_app
from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    Membership,
    Organization,
    Phase,
    Plan,
    Retrospective,
    Role,
    Team,
    TeamMember,
    User,
)
from app.services.organizations import accounts, organizations, passwords
from app.services.sign_in import hashing

PASSWORD = "unpack-demo"  # noqa: S105 — everybody knows it
# Fast to check: a slow hash protects a secret, and this is none.
HASH_METHOD = "scrypt:1024:8:1"
TIME_ZONE = "Europe/Stockholm"
ADDRESSES = (
    "owner@acme.test",
    "admin@acme.test",
    "facilitator@acme.test",
    "member1@acme.test",
    "member2@acme.test",
    "owner@tiny.test",
)
RICH_DESCRIPTION = """\
Send **5 % of the traffic** to a new release first, and go on only when it is healthy.

## Done when

1. the pipeline has a `canary` stage between *staging* and *production*
2. it goes back by itself when
   - the error rate rises above 1 %
   - or the p95 latency rises above 400 ms
3. the [runbook](https://wiki.acme.test/canary) says how to stop it by hand

```yaml
canary:
  weight: 5
  hold: 10m
```

> We shipped two bad releases this sprint. Both would have been caught.

- [x] Ask the platform guild
- [ ] Try it on the checkout service
"""


def load() -> None:
    """Add whatever of the sample is not there yet. Flushes; the caller commits."""
    if organizations.find_by_slug("acme") is None:
        _load_acme()
    if organizations.find_by_slug("tiny") is None:
        owner = _person("owner@tiny.test", "Owen Tiny")
        organizations.create_organization("Tiny", "tiny", owner, Plan.FREE)
    _count_passwords_as_chosen()
    db.session.flush()


def empty() -> None:
    """Delete every row of every table. Flushes; the caller commits."""
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())


def _count_passwords_as_chosen() -> None:
    """Of people who came before passwords had to be chosen: these are nobody's own, as before."""
    people = select(User).where(User.email.in_(ADDRESSES), User.password_chosen_at.is_(None))
    for user in db.session.scalars(people):
        user.password_chosen_at = utcnow()


def _load_acme() -> None:
    owner = _person("owner@acme.test", "Olga Brandt")
    admin = _person("admin@acme.test", "Adam Novak")
    facilitator = _person("facilitator@acme.test", "Fatima Said")
    maya = _person("member1@acme.test", "Maya Lindqvist")
    tom = _person("member2@acme.test", "Tom Becker")
    acme = organizations.create_organization("Acme", "acme", owner, Plan.PRO)
    _join(acme, admin, Role.ADMIN)
    for user in (facilitator, maya, tom):
        _join(acme, user, Role.MEMBER)
    platform = _team(acme, "Platform", [facilitator], [maya, tom, admin])
    _team(acme, "Mobile", [admin], [tom])
    db.session.flush()
    _load_sprint_14(platform, facilitator, maya, tom)


def _load_sprint_14(platform: Team, facilitator: User, maya: User, tom: User) -> None:
    today = utcnow().date()
    retrospective = Retrospective(
        team=platform,
        title="Sprint 14 Retro",
        phase=Phase.DISCUSS,
        held_on=today,
        facilitator=facilitator,
    )
    titles: list[tuple[str, str, User | None, date | None]] = [
        ("Add a canary stage to the deploy pipeline", RICH_DESCRIPTION, maya, _in_days(11)),
        # Tom's address matches nobody in Jira.
        ("Rotate the on-call schedule every two weeks", "", tom, _in_days(14)),
        (
            "Write a runbook for Redis failover",
            "Start from the notes of the last incident.",
            facilitator,
            _in_days(11),
        ),
        ("Agree on a definition of done for spikes", "", None, _in_days(18)),
        ("Move flaky checkout tests to quarantine", "", maya, None),
    ]
    for title, description, assignee, due_on in titles:
        retrospective.action_items.append(
            ActionItem(
                title=title,
                description=description,
                assignee=assignee,
                due_on=due_on,
                created_by=facilitator,
            )
        )
    db.session.add(retrospective)


def _person(email: str, name: str) -> User:
    user = accounts.find_by_email(email)
    if user is None:
        user = accounts.create_user(email, name)
        passwords.keep(user, hashing.make(PASSWORD, HASH_METHOD))
        user.time_zone = TIME_ZONE
    return user


def _join(organization: Organization, user: User, role: Role) -> None:
    db.session.add(Membership(organization=organization, user=user, role=role))


def _team(
    organization: Organization, name: str, facilitators: list[User], members: list[User]
) -> Team:
    team = Team(organization=organization, name=name)
    team.team_members = [
        TeamMember(user=user, facilitator=user in facilitators)
        for user in [*facilitators, *members]
    ]
    db.session.add(team)
    return team


def _in_days(count: int) -> date:
    return utcnow().date() + timedelta(days=count)


def main(arguments: list[str]) -> int:
    """0 when it did what was asked, 2 when it did not understand."""
    actions = {"load": load, "reset": empty}
    if len(arguments) != 1 or arguments[0] not in actions:
        print("Usage: python -m demo.sample load|reset", file=sys.stderr)
        return 2
    with create_app().app_context():
        actions[arguments[0]]()
        db.session.commit()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
