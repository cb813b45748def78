"""Every operation of REST as an endpoint of api.atlassian.com."""

from functools import partial

from demo.jira_cloud.rest import (
    changelogs,
    gateway,
    issues,
    lists,
    people,
    projects,
    properties,
    remote_links,
    screens,
    search,
    transitions,
    webhooks,
)
from demo.jira_cloud.traffic.exchange import Endpoint

API = "/ex/jira/<cloud_id>/rest/api/3"
# To import them is to register what is in them.
MODULES = (
    projects, screens, lists, people, issues, transitions, changelogs, properties, remote_links,
    search, webhooks,
)  # fmt: skip

ENDPOINTS = [
    Endpoint(each.name, each.method, API + each.path, partial(gateway.answer, each))
    for each in gateway.OPERATIONS
]
