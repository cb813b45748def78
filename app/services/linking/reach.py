"""Which issues somebody may choose. Pure.

It is the connection's account that looks, and it may see more than who asks. So Owner and Admins
may choose in any project of the site, facilitators in the one that their team is mapped to, and
there nothing that a security level keeps from others.
"""

from dataclasses import dataclass

from app.jira.jql import summary_holds
from app.jira.types import Issue

SECURITY_LEVEL = "security"


@dataclass(frozen=True)
class Reach:
    """project_id, project_key: the only project; None and empty: any. account: whose eyes."""

    project_id: str | None
    project_key: str
    account: str

    def holds(self, issue: Issue) -> bool:
        """Whether the issue, read with its project and security level, may be chosen."""
        if self.project_id is None:
            return True
        return issue.project_id == self.project_id and not issue.fields.get(SECURITY_LEVEL)

    def query(self, words: str) -> str:
        """A search for issues whose title holds the words; empty where nothing can be searched."""
        condition = summary_holds(words)
        if not condition:
            return ""
        place = f"project = {self.project_id} AND " if self.project_id is not None else ""
        return f"{place}{condition} ORDER BY updated DESC"

    def not_there(self, key: str) -> str:
        """One sentence for whatever keeps an issue from being chosen, so that it tells nothing."""
        if self.project_id is None:
            return (
                f"{self.account} cannot see {key}. It does not exist, or a Jira admin has to let "
                f"{self.account} browse its project."
            )
        return (
            f"{key} cannot be linked here. It does not exist, it is not in {self.project_key}, or "
            "not everybody may see it. Ask an admin."
        )

    def nothing_found(self) -> str:
        """What is said where no title holds the words."""
        where = f" in {self.project_key}" if self.project_id is not None else ""
        return f"No issue{where} has these words in its title. Try fewer, or paste the key."
