"""Which fixtures there are; each concern has a module of its own."""

pytest_plugins = [
    "tests.support.requirements",
    "tests.support.long_runs",
    "tests.support.official_files",
    "tests.support.redis",
    "tests.support.databases",
    "tests.support.jira",
    "tests.support.application",
    "tests.support.people",
    "tests.support.connected",
    "tests.support.statements",
    "tests.support.plans",
    "tests.support.webhooks",
    "tests.support.installation",
    "tests.support.browser",
    "tests.support.generated",
]
