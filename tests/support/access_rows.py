"""What a line of the access table says, and who gets the same at many routes."""

from typing import NamedTuple

PEOPLE = ("nobody", "stranger", "outsider", "member", "facilitator", "admin", "owner")
SIGN_IN = "sign-in"  # a redirect to the sign-in page

Who = dict[str, int | str]


def row(*codes: int | str) -> Who:
    return dict(zip(PEOPLE, codes, strict=True))


def everybody(code: int | str) -> Who:
    return row(*[code] * len(PEOPLE))


def signed_in(code: int | str) -> Who:
    return row(SIGN_IN, *[code] * 6)


def organization(code: int) -> Who:
    return row(SIGN_IN, 404, code, code, code, code, code)


def team(code: int) -> Who:
    return row(SIGN_IN, 404, 404, code, code, code, code)


def leaders(code: int) -> Who:
    """Facilitators, Owner and Admins; members see the team's things but have no control."""
    return row(SIGN_IN, 404, 404, 403, code, code, code)


def administrators(code: int) -> Who:
    return row(SIGN_IN, 404, 404, 404, 404, code, code)


def owner(code: int) -> Who:
    return row(SIGN_IN, 404, 404, 404, 404, 403, code)


class Route(NamedTuple):
    """`form` is what is posted, nothing for a GET; `free` is what differs on the Free plan."""

    endpoint: str
    url: str
    who: Who
    form: dict[str, str] | None = None
    free: Who | None = None
