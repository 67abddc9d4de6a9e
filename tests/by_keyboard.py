"""The rows of an upload gone through with the keys alone, as somebody without a mouse does."""

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browsing import wait_until

MOST = 80  # stops of Tab until something is reached


def _reach(page: Page, selector: str, key: str = "Tab") -> None:
    """Go on with Tab, or back with Shift+Tab, until something has the focus."""
    for _ in range(MOST):
        page.keyboard.press(key)
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by {key}")


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _send(page: Page) -> None:
    """Enter, where it leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _is_at(page: Page, id: str) -> None:
    page.wait_for_function("(id) => document.activeElement.id === id", arg=id)


def mend_without_a_line(page: Page, bad: str) -> None:
    """What is chosen while the line is broken is said to wait here, and stands once the page is opened again with a line: also one
    that was read before the portal wrote it, and comes after the page before has its answer.
    """
    read_before = page.request.get(page.url).text()
    page.context.set_offline(True)
    page.locator(f"#{bad}-field").focus()
    _press(page, "ArrowDown", "Enter")
    expect(page.get_by_text("Chưa gửi được, giữ trên máy này.")).to_be_visible()
    answers: list[tuple[Route, APIResponse]] = []

    def held(route: Route) -> None:
        if route.request.method == "POST":
            answers.append((route, route.fetch()))
            return
        for waiting, answer in answers:
            waiting.fulfill(response=answer)
        route.fulfill(body=read_before, content_type="text/html")

    page.route(f"{page.url}**", held)
    page.context.set_offline(False)
    wait_until(page, lambda: answers)
    page.reload()
    page.unroute(f"{page.url}**")
    expect(page.locator(f"#{bad} .state--ok")).to_be_visible()


def mend_and_choose(page: Page, bad: str, other: str) -> None:
    """A refused cell is chosen from its list; another row is opened, changed, put back, closed and chosen. Ids of the rows."""
    _reach(page, "table.rows tbody th, table.rows tbody td")
    _press(page, "Control+Home", *["ArrowRight"] * 4, "Enter")
    _is_at(page, f"{bad}-field")
    _press(page, "ArrowDown", "Enter")
    expect(page.locator(f"#{bad} .state--ok")).to_be_visible()
    _is_at(page, f"{bad}-o0-4")
    _press(page, "ArrowDown", "ArrowDown", "Enter")  # past the row that was mended before
    _is_at(page, f"{other}-field")
    before = page.input_value(f"#{other}-field")
    _press(page, "ArrowDown")
    assert page.input_value(f"#{other}-field") != before
    _press(page, "Escape")
    assert page.input_value(f"#{other}-field") == before
    _press(page, "Escape")
    expect(page.locator(f"#{other} tr.more")).to_have_count(0)
    _is_at(page, f"{other}-o0-4")
    _press(page, " ", "ArrowUp", "ArrowUp", " ")
    expect(page.locator("[data-chosen]")).to_have_text("Sửa 2 dòng đã chọn…")


def write_into_chosen(page: Page, text: str) -> None:
    """One value for the rows that are chosen."""
    _reach(page, "[data-chosen]", "Shift+Tab")
    _send(page)
    _reach(page, "#id_cot")
    _press(page, "End")
    _reach(page, "#id_gia_tri")
    page.keyboard.type(text)
    _send(page)
    _reach(page, "button[name=lam]")
    _send(page)
    page.wait_for_selector(f"text=Ghi “{text}” vào 2 ô của cột ghi chú")


def replace_everywhere(page: Page, find: str, put: str) -> None:
    """Words found and replaced in all rows."""
    _reach(page, "button[name=tat-ca]")
    _send(page)
    _reach(page, "#id_cot")
    _press(page, "End")
    _reach(page, "[name=viec]")
    _press(page, "ArrowDown")
    _reach(page, "#id_tim")
    page.keyboard.type(find)
    _press(page, "Tab")
    page.keyboard.type(put)
    _send(page)
    _reach(page, "button[name=lam]")
    _send(page)
    page.wait_for_selector(f"text=Thay “{find}” bằng “{put}” trong 2 ô")


def answer(page: Page, asked: str) -> None:
    """A proposal is taken, then refused."""
    _reach(page, "table.rows tbody th, table.rows tbody td")
    _press(page, "Control+Home", "ArrowDown")
    for _ in range(6):
        if page.evaluate("(id) => document.activeElement.matches(`#${id} td.ask`)", asked):
            break
        _press(page, "ArrowDown")
    _press(page, "Enter", " ")
    expect(page.locator(f"#{asked} .tie use[href$='link-45deg']")).to_be_visible()
    _press(page, "ArrowDown")
    expect(page.locator(f"#{asked}")).to_contain_text("Không nối")
    _press(page, "Escape")
    _is_at(page, f"{asked}-o1-1")


def narrow(page: Page, chip: str) -> None:
    """A chip is followed: only its rows are left."""
    _reach(page, f".chip[href$='{chip}']", "Shift+Tab")
    _send(page)
    page.wait_for_url(f"**xem={chip}")
