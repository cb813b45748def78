"""Looking at a description before it is kept."""

from tests.support.acme import SITE, connect_and_choose, items, sprint_14


def preview(somebody, description: str):
    url = f"/retrospectives/{sprint_14().id}/description-previews"
    return somebody.post(url, {"description": description}, htmx=True)


def test_a_description_shows_as_the_item_will_show_it(facilitator):
    item = items()[0]
    markdown = "For **all**:\n\n- cake\r\n- `C:\\temp`\n\n<script>alert(1)"

    shown = preview(facilitator, markdown).page
    facilitator.post(f"/action-items/{item.id}", {"title": "Cake", "description": markdown})

    kept = facilitator.get(f"/action-items/{item.id}").page
    assert shown.texts("ul") == kept.texts("ul")[-1:] == ["cake C:\\temp"]
    assert [shown.texts("strong"), shown.texts("code")] == [["all"], ["C:\\temp"]]
    assert shown.all("script") == []
    assert "alert(1)" in shown.text


def test_a_preview_keeps_nothing(facilitator):
    before = [(item.id, item.description, item.updated_at) for item in items()]

    preview(facilitator, "something new")

    assert [(item.id, item.description, item.updated_at) for item in items()] == before


def test_nothing_written_is_said(facilitator):
    assert preview(facilitator, " \n").page.text == "Preview No description. Preview shown"


def test_keys_of_the_mapped_project_are_links_in_preview_and_item(facilitator):
    connect_and_choose()
    item, markdown = items()[0], "After PLAT-12, before OTHER-1"

    shown = preview(facilitator, markdown).page
    facilitator.post(f"/action-items/{item.id}", {"title": "Cake", "description": markdown})

    kept = facilitator.get(f"/action-items/{item.id}").page
    for page in (shown, kept):
        assert {a.get("href") for a in page.all("a") if a.text == "PLAT-12"} == {
            f"{SITE}/browse/PLAT-12"
        }
        assert "OTHER-1" not in page.texts("a")
