"""What a person may do with an action item as it stands with Jira. Pure."""

from dataclasses import dataclass, replace

from app.models import IssueLink
from app.services.panel.circumstances import Circumstances
from app.services.panel.item_states import Offer
from app.services.panel.panels import Row


@dataclass(frozen=True)
class Rights:
    """What the person may do with the item, whatever its state."""

    complete: bool = False
    edit: bool = False
    sync: bool = False
    delete: bool = False


@dataclass(frozen=True)
class RowOffers:
    """Which controls are there.

    sync: pushing it leads anywhere. link: an issue may be chosen for it. finish: its issue may be
    created by hand. beside: what stands beside the chip. open_url: where its issue
    is, if there is one. issue_stays: deleting the item leaves an issue behind.
    """

    complete: bool = False
    edit: bool = False
    sync: bool = False
    beside: Offer | None = None
    link: bool = False
    finish: bool = False
    unlink: bool = False
    delete: bool = False
    open_url: str = ""
    issue_stays: bool = False

    @property
    def menu(self) -> bool:
        """Whether there is anything to open a menu for."""
        return self.edit or self.sync or self.unlink or bool(self.open_url)


def offers_of(row: Row, around: Circumstances, rights: Rights) -> RowOffers:
    """Decide it for one row."""
    state, key = row.state, row.state.key
    if row.item.dropped:
        rights = replace(rights, complete=False, edit=False)
    wanted = not row.item.dropped and around.may_link
    free = rights.sync and wanted and (row.link is None or _may_be_another(row.link))
    created, there = row.link is not None and row.link.created, key is not None and not key.gone
    return RowOffers(
        complete=rights.complete,
        edit=rights.edit,
        sync=rights.sync and around.offers_sync and state.pushable,
        beside=state.offer if rights.sync else None,
        link=free,
        finish=free and around.committed,
        unlink=rights.sync and created,
        delete=rights.delete,
        open_url=(key.url or "") if key is not None and there else "",
        issue_stays=created and (key is None or there),
    )


def _may_be_another(link: IssueLink) -> bool:
    """Not while Jira may have created an issue for it, or just does."""
    return link.gives_way and not link.stamped and link.claim_id is None
