"""For each kind of field: what is typed in, what is kept, read and sent of it, what is refused."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.jira.types import Field
from app.services.field_values.field_kind import Kind, Option
from app.services.field_values.field_kinds import kind_of
from app.services.field_values.value_tokens import ItemFacts
from app.services.mapping import screens

MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"
TEAM = "36885b3c-1bf0-4f85-a357-c5b858c30001"
ITEM = ItemFacts(
    team="Core & Co",
    retrospective='Sprint "14" Retro רטרו',
    held_on=date(2026, 11, 20),
    facilitator="Fatima Said",
    owner="Maya Lindqvist",
    due_on=date(2026, 12, 4),
    link="https://unpack.example.com/action-items/7",
    owner_account=MAYA,
)
GONE = "0"  # no option has this id


@dataclass(frozen=True)
class Example:
    """typed: the form's inputs. stored: as a row keeps it. words: what people read.

    in_jira: the stand-in's name for a field of the kind. refused: inputs that the form refuses.
    names: of what was searched for. of_options: the inputs are the places of options in the list,
    and so is what is stored and sent.
    """

    in_jira: str
    typed: tuple[str, ...]
    stored: Any
    words: str
    sent: Any
    refused: tuple[tuple[str, ...], ...] = ()
    names: dict[str, str] = field(default_factory=dict)


LONG = "x" * 256
MANY = ("a",) + tuple(f"label-{number}" for number in range(50))

# By kind. Of what is chosen from a list {0} is the id of its first option, {0.1} of the second
# below it.
EXAMPLES = {
    "text": Example(
        "text", ("  From  {team}: {retrospective} ",), "From {team}: {retrospective}",
        "From {team}: {retrospective}", 'From Core & Co: Sprint "14" Retro רטרו',
        ((LONG,), ("{sprint}",), ("{Team}",)),
    ),
    "paragraph": Example(
        "paragraph", ("Decided in {retrospective}\r\n\r\nby {facilitator}",),
        "Decided in {retrospective}\n\nby {facilitator}",
        "Decided in {retrospective}\n\nby {facilitator}",
        {
            "type": "doc",
            "version": 1,
            "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": each}]}
                for each in ('Decided in Sprint "14" Retro רטרו', "by Fatima Said")
            ],
        },
        (("x" * 10_001,), ("{nobody}",)),
    ),
    "number": Example(
        "number", (" 2,5 ",), 2.5, "2.5", 2.5, (("three",), ("1e9",), ("2.5.1",), ("{team}",)),
    ),
    "date": Example(
        "date", ("{due}",), "{due}", "{due}", "2026-12-04",
        (("04/12/2026",), ("2026-13-01",), ("20261201",), ("{team}",), ("{due} or so",)),
    ),
    "datetime": Example(
        "datetime", ("2026-12-01T09:00+01:00",), "2026-12-01T08:00+00:00",
        "1 December 2026, 08:00 UTC", "2026-12-01T08:00:00.000+0000",
        (("2026-12-01",), ("tomorrow",), ("{due}",)),
    ),
    "url": Example(
        "url", ("https://wiki.acme.test/{team}",), "https://wiki.acme.test/{team}",
        "https://wiki.acme.test/{team}", "https://wiki.acme.test/Core%20%26%20Co",
        (("wiki.acme.test",), ("javascript:alert(1)",), ("https://",), ("https://a b",)),
    ),
    "select": Example(
        "select", ("{0}",), {"id": "{0}", "label": "{0=}"}, "{0=}", {"id": "{0}"}, ((GONE,),),
    ),
    "radio": Example(
        "radio", ("{1}",), {"id": "{1}", "label": "{1=}"}, "{1=}", {"id": "{1}"}, ((GONE,),),
    ),
    "multi-select": Example(
        "multiselect", ("{0}", "{3}", "{0}"),
        [{"id": "{0}", "label": "{0=}"}, {"id": "{3}", "label": "{3=}"}], "{0=}, {3=}",
        [{"id": "{0}"}, {"id": "{3}"}], (("{0}", GONE),),
    ),
    "check-boxes": Example(
        "checkboxes", ("{2}",), [{"id": "{2}", "label": "{2=}"}], "{2=}", [{"id": "{2}"}],
        ((GONE,),),
    ),
    "cascading": Example(
        "cascading", ("{0}", "{0.1}"),
        {"id": "{0}", "label": "{0=}", "child": {"id": "{0.1}", "label": "{0.1=}"}},
        "{0=}, {0.1=}", {"id": "{0}", "child": {"id": "{0.1}"}},
        ((GONE, ""), ("", "{0.1}"), ("{1}", "{0.1}"), ("{0}", GONE)),
    ),
    "user": Example(
        "user", ("owner", MAYA), {"role": "owner", "fallback": {"id": MAYA, "label": "Maya"}},
        "Owner, else Maya", {"accountId": MAYA}, (("nobody",), ("owner", "nobody")), {MAYA: "Maya"},
    ),
    "reporter": Example(
        "reporter", (MAYA,), {"id": MAYA, "label": "Maya"}, "Maya", {"accountId": MAYA},
        (("nobody",),), {MAYA: "Maya"},
    ),
    "users": Example(
        "users", (MAYA, "", MAYA), [{"id": MAYA, "label": "Maya"}], "Maya", [{"accountId": MAYA}],
        (("nobody",),), {MAYA: "Maya"},
    ),
    "group": Example(
        "group", ("site-admins",), {"id": "site-admins", "label": "site-admins"}, "site-admins",
        {"name": "site-admins"}, (("nobody",),), {"site-admins": "site-admins"},
    ),
    "groups": Example(
        "groups", ("site-admins", "squad-01"),
        [{"id": each, "label": each} for each in ("site-admins", "squad-01")],
        "site-admins, squad-01", [{"name": "site-admins"}, {"name": "squad-01"}],
        (("nobody",),), {"site-admins": "site-admins", "squad-01": "squad-01"},
    ),
    "version": Example(
        "version", ("{0}",), {"id": "{0}", "label": "{0=}"}, "{0=}", {"id": "{0}"}, ((GONE,),),
    ),
    "versions": Example(
        "fix_versions", ("{1}", "{0}"),
        [{"id": "{1}", "label": "{1=}"}, {"id": "{0}", "label": "{0=}"}], "{1=}, {0=}",
        [{"id": "{1}"}, {"id": "{0}"}], ((GONE,),),
    ),
    "components": Example(
        "components", ("{0}",), [{"id": "{0}", "label": "{0=}"}], "{0=}", [{"id": "{0}"}],
        ((GONE,),),
    ),
    "priority": Example(
        "priority", ("{1}",), {"id": "{1}", "label": "{1=}"}, "{1=}", {"id": "{1}"}, ((GONE,),),
    ),
    "security-level": Example(
        "security", ("{0}",), {"id": "{0}", "label": "{0=}"}, "{0=}", {"id": "{0}"}, ((GONE,),),
    ),
    "labels": Example(
        "labels", ("retro, {team} retro",), ["retro", "{team}"], "retro {team}",
        ["retro", "Core-&-Co"], ((LONG,), ("{nothing}",), MANY),
    ),
    "team": Example(
        "team", (TEAM,), {"id": TEAM, "label": "Platform"}, "Platform", TEAM, (("Platform",),),
        {TEAM: "Platform"},
    ),
    "project": Example(
        "project_picker", ("{0}",), {"id": "{0}", "label": "{0=}"}, "{0=}", {"id": "{0}"},
        ((GONE,),),
    ),
}  # fmt: skip
# What needs something in Jira that was there before: an epic, a sprint. `test_looked_up.py`.
LOOKED_UP = ("parent", "sprint")


def recognised(field: Field) -> Kind | None:
    return kind_of(screens.schema_of_field(field))


def with_ids(value: Any, options: tuple[Option, ...]) -> Any:
    """The example with the ids and names of what the stand-in offers."""
    if isinstance(value, dict):
        return {name: with_ids(each, options) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(with_ids(each, options) for each in value)
    if not isinstance(value, str):
        return value

    def named(found: re.Match[str]) -> str:
        place, _, below = found[1].partition(".")
        option = options[int(place)]
        option = option.children[int(below)] if below else option
        return option.label if found[2] else option.id

    return re.sub(r"\{(\d+(?:\.\d+)?)(=?)\}", named, value)
