"""A person's visit to a page of a site, without a script."""

from typing import Any

import requests

from demo.jira_cloud.server import RunningJiraCloud


def on_site(cloud: RunningJiraCloud, method: str, path: str, **form: Any) -> requests.Response:
    """Ask acme-eng for a page, or send it a form; a list sends a name several times."""
    host = cloud.url.removeprefix("http://").replace("localhost", "acme-eng.localhost")
    return requests.request(
        method,
        cloud.url + path,
        headers={"Host": host},
        data=form or None,
        timeout=10,
        allow_redirects=False,
    )
