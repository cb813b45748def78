"""Where the client under test believes Jira to be, and what it shows there."""

API_URL = "https://api.atlassian.test"
AUTH_URL = "https://auth.atlassian.test"
REST_URL = f"{API_URL}/ex/jira/cloud-1/rest/api/3"
TOKEN = "the-access-token"
