// Hears what is clicked or sent anywhere on the page in an element of class "act", and hands it to the server as one
// event {act, id, ...fields}. Gradio runs this once, with `trigger`.
const find = (selector) => document.querySelector(selector);
const isWide = () => matchMedia("(min-width: 1200px)").matches;
const say = (button, word) => {
  const was = button.textContent;
  button.textContent = word;
  setTimeout(() => { button.textContent = was; }, 1500);
};
const copy = (button, text) => {
  if (!text) return say(button, "Nothing yet");
  navigator.clipboard.writeText(text).then(() => say(button, "Copied"), () => say(button, "Not allowed"));
};
// What can be copied is on the page already: the clipboard must be written while the click still counts.
const texts = () => JSON.parse(find("#copied textarea").value || "{}");
// What asks once more, and what turns away from the conversation, are events of their own: see qa/web/page.py.
const turns = ({ act, id }) => act === "open" || (act === "delete" && id === find("#conversation textarea").value);
const send = (sent) => trigger(sent.act === "retry" ? "retry" : turns(sent) ? "select" : "click", sent);
let used = null;  // what was used last, to give the keyboard its place back after the page has changed

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.id === "copy") return copy(button, Object.values(texts()).join("\n\n---\n\n"));
  if (button.id === "history") {
    const turned = find("#desk").classList.toggle("turned");  // shown where wide, hidden where narrow, until turned
    return button.setAttribute("aria-expanded", String(turned !== isWide()));
  }
  if (!button.classList.contains("act")) return;
  if (button.name === "copy") return copy(button, texts()[button.value]);
  used = [button.name, button.value];
  if (button.name === "open" && !isWide()) {
    find("#desk").classList.remove("turned");
    find("#history").setAttribute("aria-expanded", "false");
  }
  send({ act: button.name, id: button.value });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") find("#narrowing button[name=keep]")?.click();  // leaves a question that is edited as it was
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.act");
  if (!form) return;
  event.preventDefault();
  const fields = new FormData(form);
  const sent = { act: form.getAttribute("name") };
  for (const name of new Set(fields.keys())) sent[name] = fields.getAll(name).map(String);
  used = [sent.act];
  send(sent);
});

document.addEventListener("input", (event) => {
  if (!event.target.classList.contains("narrow")) return;
  const wanted = event.target.value.toLowerCase();
  for (const each of event.target.parentElement.querySelectorAll(".choices label"))
    each.hidden = !each.textContent.toLowerCase().includes(wanted);
});

// What is being answered while this page waits for nothing (it had turned away, or another tab asked): look again. So it
// does when the index has a new generation: what is quoted may have changed in its file.
let seen = null;
const isBusy = () => find("#narrowing details[open], #evidence details[open], #past details[open]")
  || document.activeElement?.matches("input");
setInterval(() => {
  if (document.hidden || find("#box .stop-button")) return;
  const generation = find("#head .facts")?.dataset.generation ?? seen;
  const hasChanged = seen !== null && generation !== seen && find("#chat .user-row");
  if (hasChanged && isBusy()) return;  // what somebody has opened, or fills in, stays: this can wait
  seen = generation;
  if (!hasChanged && !find("#chat .waiting")) return;
  used = null;
  send({ act: "look" });
}, 2000);

// Some of Gradio's own parts bear no name or a wrong one, and come and go.
const name = (selector, attribute, value) => {
  for (const each of document.querySelectorAll(`${selector}:not([${attribute}])`)) each.setAttribute(attribute, value);
};
const nameAll = () => {
  name("#box .submit-button", "aria-label", "Ask");
  name("#box .stop-button", "aria-label", "Stop");
  for (const each of document.querySelectorAll('#chat .examples[role="list"]')) {  // it holds buttons, no items
    each.setAttribute("role", "group");
    each.setAttribute("aria-label", "Questions to begin with");
  }
  name("#history", "aria-controls", "past");
  name("#history", "aria-expanded", String(isWide()));
};
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();

// After the server has answered: the keyboard stays where it was.
window.quotedSettle = () => {
  const [name] = used ?? [];
  if (name === "edit" || name === "only") used = null;  // only once: the next answer is no reason to jump
  if (name === "edit") return find("#box textarea").focus();
  if (name === "only" && !isWide()) return find("#narrowing").scrollIntoView({ block: "center" });
  if (!used || (document.activeElement && document.activeElement !== document.body)) return;
  const same = [...document.querySelectorAll("button.act")].find((each) => each.name === used[0] && each.value === used[1]);
  const place = used[0] === "filter" ? find("#narrowing summary") : same;
  (place || find("#box textarea"))?.focus({ preventScroll: true });
};
