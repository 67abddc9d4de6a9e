// A field that the widget draws anew says its label to who listens.
const name = () => document.querySelectorAll(".select2-selection:not([aria-label])").forEach((drawn) => {
  const select = drawn.closest(".select2")?.previousElementSibling;
  const label = select?.labels?.[0]?.textContent.replace(":", "").trim() || select?.closest("td")?.className.replace("field-", "") || "Chọn";
  drawn.setAttribute("aria-label", label);
  drawn.removeAttribute("aria-labelledby");
  drawn.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", label);
});
window.addEventListener("load", () => { name(); new MutationObserver(name).observe(document.body, { childList: true, subtree: true }); });
