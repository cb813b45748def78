"""Tasks can be ticked in Jira wherever it lets them stand, and keep what stands under them."""

from tests.adf.nodes import BREAK, body, item, node, paragraph, task, text


def test_tasks_can_be_ticked_in_jira_and_nest() -> None:
    below = node("taskList", task("b", 2, "DONE"), localId="list-2")
    assert body("- [ ] a\n  - [x] b\n- [ ] c") == [
        node("taskList", task("a", 1), below, task("c", 3), localId="list-1")
    ]


def test_tasks_and_items_take_turns() -> None:
    assert body("- [ ] a\n- b\n- [ ] c") == [
        node("taskList", task("a", 1), localId="list-1"),
        node("bulletList", item(paragraph("b"))),
        node("taskList", task("c", 3), localId="list-3"),
    ]


def test_tasks_where_jira_has_none_show_a_box() -> None:
    assert body("1. [x] a\n2. [ ] b") == [
        node("orderedList", item(paragraph("☑ a")), item(paragraph("☐ b")), order=1)
    ]


def test_tasks_in_a_list_can_be_ticked() -> None:
    tasks = node("taskList", task("a", 2), localId="list-2")
    assert body("- group\n  - [ ] a") == [node("bulletList", item(paragraph("group"), tasks))]


def test_the_items_under_a_task_are_lines_of_it() -> None:
    first = task("t", 1)
    first["content"] += [BREAK, text("• sub"), BREAK, text("\u2003• deep")]
    assert body("- [ ] t\n  - sub\n    - deep\n- [ ] n") == [
        node("taskList", first, task("n", 4), localId="list-1")
    ]


def test_the_steps_under_a_task_keep_their_numbers() -> None:
    only = task("t", 1)
    only["content"] += [BREAK, text("3. a"), BREAK, text("4. b")]
    assert body("- [ ] t\n  3. a\n  4. b") == [node("taskList", only, localId="list-1")]


def test_items_before_the_tasks_under_a_task_stay_with_it() -> None:
    first = task("t", 1)
    first["content"] += [BREAK, text("• sub")]
    below = node("taskList", task("a", 3), localId="list-3")
    assert body("- [ ] t\n  - sub\n  - [ ] a\n- [ ] n") == [
        node("taskList", first, below, task("n", 4), localId="list-1")
    ]


def test_a_task_with_code_is_followed_by_it() -> None:
    assert [each["type"] for each in body("- [ ] a\n\n  ```\n  x\n  ```\n- [ ] b")] == [
        "taskList",
        "codeBlock",
        "taskList",
    ]


def test_tasks_in_a_quote_show_a_box() -> None:
    assert body("> - [x] a") == [node("blockquote", node("bulletList", item(paragraph("☑ a"))))]
