"""What the page says of choices that are not saved yet."""

from tests.support.acme import team
from tests.support.atlassian import JIRA
from tests.support.pages import text_of
from tests.web.jira_settings.choices import STORY, ask_for_types, chosen, project

DONE, TO_DO = "10002", "10000"
OF_THE_SAVED = "Of the saved choices. Yours are checked when you save."


def check_of(page) -> str:
    [table] = [each for each in page.all("table") if "Status in Jira" in text_of(each)]
    return text_of([*table.iter("td")][3])


def hidden(page, part: str) -> list[bool]:
    marks = [each for each in page.all("p") if part in (each.get("data-changed-for") or "").split()]
    return ["hidden" in each.attrib for each in marks]


def test_a_check_of_statuses_waits_hidden_with_the_words_that_it_is_of_the_saved_ones(platform):
    page = platform.get(JIRA).page

    assert hidden(page, "completed") == [True]
    assert OF_THE_SAVED in page.text


def test_what_is_chosen_and_not_saved_is_not_called_ready(platform):
    unsaved = chosen("PLAT", version=1, completed=DONE, reopened="")

    page = platform.post(f"{JIRA}/issue-types", unsaved, htmx=True).page

    assert check_of(page).endswith("Nothing is moved")
    assert hidden(page, "completed") == [False]


def test_a_team_whose_project_is_not_saved_is_told_to_save_for_its_field_values(platform):
    number = team("Mobile").id
    own = {f"project-{number}": project("MOB").project_id, f"type-{number}": STORY}

    page = platform.post(
        f"{JIRA}/issue-types", chosen("PLAT", version=1, overrides="on", **own), htmx=True
    ).page

    row = text_of(page.by_id(f"team-{number}"))
    assert "Save first" in row


def test_statuses_ask_only_for_what_is_not_chosen_yet(settings, work):
    ask_for_types(settings, work, "PLAT")
    assert "Choose a project and an issue type first." in settings.get(JIRA).page.text

    page = settings.post(f"{JIRA}/issue-types", chosen("PLAT", ""), htmx=True).page

    assert "Choose an issue type first." in page.text
    assert "Choose a project and an issue type first." not in page.text


def test_people_are_looked_for_once_a_project_is_saved(settings):
    page = settings.get("/organizations/acme/settings/integrations/jira/people").page

    assert "Save a Default Project first." in page.text
