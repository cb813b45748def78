"""What is on hold after an older database was restored, and what each waits for."""

from collections import Counter
from collections.abc import Iterator

from app.clock import utcnow
from app.models.obstacles import obstacle_to_asking
from app.operations.doctor.finding import Finding, amber, green
from app.services.labels import plural
from app.services.restoring import on_hold as holding
from app.services.restoring.readiness import waits_for


def on_hold() -> Iterator[Finding]:
    held = holding.on_hold()
    if not held:
        yield green("hold", "nothing is on hold")
        return
    now = utcnow()
    waits = Counter(
        waits_for(each, holding.adoption_of(each), obstacle_to_asking(each, now)) for each in held
    )
    ready = waits.pop(None, 0)
    parts = [f"{ready} may be let go"] if ready else []
    parts += [f"{many} waits for {what}" for what, many in waits.items()]
    yield amber(
        "hold",
        f"{plural(len(held), 'connection is', 'connections are')} on hold after a restore, and "
        f"nothing of them is sent to Jira: {'; '.join(parts)}",
        "`flask jira release` lets go of what may be, and names the others",
    )
