"""Who owns an organization: handed to an Admin by the Owner, or by the operator to any member.

Both are told by e-mail, whatever they declined.
"""

from app.models import MailKind, Membership, Role, User
from app.services.errors import UnpackError
from app.services.organizations import memberships, passwords
from app.services.owed import mails


class NotAdmin(UnpackError):
    sentence = "Only an Admin can become the Owner. Make this person an Admin first."


class AlreadyOwner(UnpackError):
    sentence = "This person is the Owner already."


def hand_over(membership: Membership, by: User, matched: str) -> None:
    """Make an Admin the Owner; the Owner so far, who is `by`, becomes an Admin.

    matched: what the password that the Owner entered was hashed to. Raises `OwnerOnly`, `NotAdmin`,
    and `PasswordWrong` if the password is another one by now.
    """
    memberships.lock(membership.organization)
    if membership.role is not Role.ADMIN:
        raise NotAdmin
    passwords.prove(by, matched)
    memberships.transfer_ownership(membership, by)
    _tell([by, membership.user], membership, by)


def transfer(membership: Membership) -> User:
    """The same by the operator, where the Owner is gone; returns who that was: an Admin now.

    Raises `AlreadyOwner`.
    """
    organization = membership.organization
    memberships.lock(organization)
    if membership.role.owns:
        raise AlreadyOwner
    owner = organization.owner
    memberships.make_owner(membership, owner, None)
    _tell([owner.user, membership.user], membership, None)
    return owner.user


def _tell(people: list[User], membership: Membership, by: User | None) -> None:
    rows = [membership.organization_id, *([by.id] if by else [])]
    for person in people:
        mails.owe(MailKind.OWNERSHIP, person, rows)
