"""The accounts that the stand-in knows. Fixed, so that others can rely on them."""

from dataclasses import dataclass

ENG = "acme-eng"
LABS = "acme-labs"


@dataclass(frozen=True)
class Account:
    """An Atlassian account. `sites` are the slugs of the sites that it may enter."""

    id: str
    name: str
    email: str
    zone: str = "Europe/Berlin"
    email_shown: bool = True
    active: bool = True
    kind: str = "atlassian"
    sites: tuple[str, ...] = (ENG, LABS)
    admin: bool = False
    may_consent: bool = False


SERVICE = Account(
    "712020:0c8f6d1e-5a3b-4d0e-9f27-4b1d5f0a7e11",
    "Unpack Service",
    "unpack@acme.test",
    zone="America/Chicago",
    may_consent=True,
)
ADAM = Account(
    "5b10a2844c20165700ede21a",
    "Adam Novak",
    "admin@acme.test",
    zone="Asia/Tokyo",
    admin=True,
    may_consent=True,
)
OLGA = Account("5b10ac8d82e05b22cc7d4ef0", "Olga Brandt", "owner@acme.test", admin=True)
FATIMA = Account(
    "712020:7d2b1c5e-88a4-4f6b-a1d3-2e5c9f0b4a22",
    "Fatima Said",
    "facilitator@acme.test",
    zone="Africa/Casablanca",
    email_shown=False,
)
MAYA = Account(
    "5c2e4f1a9d3b7a0e6c8d1f25", "Maya Lindqvist", "member1@acme.test", zone="Europe/Stockholm"
)
NORA = Account(
    "5d7a1b3c5e9f2a4b6c8d0e13", "Nora Field", "nosite@acme.test", sites=(), may_consent=True
)
SOL = Account(
    "5d7a1b3c5e9f2a4b6c8d0e14", "Sol Marin", "single@acme.test", sites=(LABS,), may_consent=True
)
# An address can be the beginning of another one, and Jira matches beginnings.
SAM = Account("5e1c7d2f4a6b8c0d2e4f6a31", "Sam Rivera", "several@acme.test")
SAM_TOO = Account(
    "5e1c7d2f4a6b8c0d2e4f6a32", "Samuel Rivera", "several@acme.test.example", email_shown=False
)
INES = Account("5e1c7d2f4a6b8c0d2e4f6a33", "Ines Okafor", "inactive@acme.test", active=False)
ROBOT = Account(
    "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", "Automation for Jira", "", kind="app"
)
CUSTOMER = Account(
    "qm:8f2e1d7c-03b4-4c59-9a6e-1b7d0c5f2e88", "Carl Customer", "carl@buyer.test", kind="customer"
)

_COLLEAGUES = (
    "Ada Moreau", "Ben Okoye", "Chiara Rossi", "Dmitri Volkov",
    "Elif Kaya", "Farid Haddad", "Grace Kim", "Hugo Silva",
    "Ingrid Dahl", "Jonas Weber", "Kenji Mori", "Lena Fischer",
    "Marco Bianchi", "Nadia Petrov", "Oscar Lund", "Priya Nair",
    "Quentin Roux", "Rosa Delgado", "Stefan Novotny", "Tara Singh",
    "Umar Farooq", "Vera Janssen", "Wei Zhang", "Xenia Popova",
    "Yusuf Demir", "Zoe Martin",
)  # fmt: skip


def _colleague(number: int, name: str) -> Account:
    first = name.split()[0].lower()
    return Account(f"5f0b{number:020x}", name, f"{first}@acme.test", email_shown=number % 3 != 0)


ACCOUNTS: dict[str, Account] = {
    account.id: account
    for account in (
        SERVICE, ADAM, OLGA, FATIMA, MAYA, NORA, SOL, SAM, SAM_TOO, INES, ROBOT, CUSTOMER,
        *(_colleague(number, name) for number, name in enumerate(_COLLEAGUES, start=1)),
    )
}  # fmt: skip


def by_email(email: str) -> Account:
    """The account with exactly this address; KeyError when there is none."""
    for account in ACCOUNTS.values():
        if account.email == email:
            return account
    raise KeyError(email)
