// Fields that a browser draws in its own tongue or not at all: choosing files says so in Vietnamese, a day can be picked from a
// calendar. Without this script both are plain fields that work.
(() => {
  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  function dressFiles(input) {
    const box = make("div", "pick");
    const none = input.hasAttribute("capture") ? "Chưa chụp ảnh nào" : "Chưa chọn tệp";
    const names = make("span", "pick__names", none);
    const act = input.hasAttribute("capture") ? "Chụp ảnh" : input.multiple ? "Chọn các tệp" : "Chọn tệp";
    const button = make("span", "btn btn-outline-secondary", act);
    names.setAttribute("aria-hidden", "true"); // who listens hears the field's own words
    button.setAttribute("aria-hidden", "true");
    input.replaceWith(box);
    box.append(button, names, input);
    const show = () => {
      const chosen = [...input.files].map((file) => file.name);
      names.textContent = chosen.length ? (chosen.length > 1 ? `${chosen.length} tệp: ` : "") + chosen.join("; ") : none;
    };
    input.addEventListener("change", show);
    input.addEventListener("input", show); // a script emptied it
    input.form?.addEventListener("reset", () => setTimeout(show));
    show(); // a page that was gone back to keeps what was chosen
  }

  // Fields that take a day say so by how it is written, or by name.
  const DAYS = 'input[placeholder="ngày/tháng/năm"], input[data-day], input.num[name=ngay]:not([type=hidden])';
  const two = (number) => String(number).padStart(2, "0");
  function dressDay(input) {
    const calendar = make("input", "day__calendar");
    Object.assign(calendar, { type: "date", tabIndex: -1 });
    calendar.setAttribute("aria-hidden", "true");
    if (input.readOnly || input.disabled || !calendar.showPicker) return;
    const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
    const button = make("button", "btn btn-outline-secondary day__button");
    button.type = "button";
    button.setAttribute("aria-label", `Chọn ngày từ lịch: ${label ? label.firstChild.textContent.trim() : "ngày"}`);
    button.append(document.getElementById("hinh-lich").content.cloneNode(true));
    const box = make("div", "day");
    input.replaceWith(box);
    box.append(input, button, calendar);
    button.addEventListener("click", () => {
      const day = input.value.trim().match(/^(\d{1,2})\D(\d{1,2})\D(\d{4})$/);
      calendar.value = day ? `${day[3]}-${two(day[2])}-${two(day[1])}` : "";
      calendar.showPicker();
    });
    calendar.addEventListener("change", () => {
      if (!calendar.value) return;
      input.value = calendar.value.split("-").reverse().join("/");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
  }

  document.querySelectorAll("input[type=file].form-control").forEach(dressFiles);
  document.querySelectorAll(DAYS).forEach(dressDay);
})();
