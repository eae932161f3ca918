"use strict";
// The articles page: lists, uploads, removes, takes back and rebuilds. All text goes in as text; all HTML is the server's own.
const $ = (selector) => document.querySelector(selector);
const FRESH = 6000; // milliseconds for which a phone shows what was said at its lower edge, wherever the page is scrolled to
let fresh = 0;
function say(text) {
  $("#said").textContent = text;
  $("#said").classList.add("fresh");
  clearTimeout(fresh);
  fresh = setTimeout(() => $("#said").classList.remove("fresh"), FRESH);
}
const MOST_REMOVED = 1000; // at once, as the server takes them
const chosen = new Map(); // id -> title
let version = $("main").dataset.version;
let lastSaid = null;

async function post(path, body) {
  const reply = await fetch(`/articles/${path}`, {
    method: "POST", body: JSON.stringify(body ?? {}), headers: { "Content-Type": "application/json" },
  });
  return read(reply.status, await reply.text());
}

function read(status, text) {
  let told = null;
  try { told = JSON.parse(text); } catch { /* a word of the guard's, which is plain text */ }
  if (status >= 200 && status < 300 && told !== null) return told;
  throw new Error(typeof told?.detail === "string" ? told.detail : text.slice(0, 300) || "No answer from the server.");
}

function make(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function button(text, act) {
  const made = make("button", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// The list and what stands beside it

let asked = 0;
async function show(address, parts) {
  const turn = ++asked;
  const reply = await fetch(address);
  const text = await reply.text();
  if (!reply.ok) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const focused = document.activeElement?.id;
  const open = [...document.querySelectorAll("details[open]")].map((each) => each.id).filter(Boolean);
  // A later search is on its way: what this one found is not shown.
  for (const selector of turn === asked ? parts : parts.filter((each) => !FOUND.includes(each))) {
    const now = $(selector), next = page.querySelector(selector);
    if (now && next) now.replaceChildren(...next.childNodes);
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  settle();
}

// While somebody types, the form stays as it is and only what is found changes.
const FOUND = ["#list > .bar > #found", "#results"];
const address = () => location.pathname + location.search;
const refresh = () => show(address(), [...FOUND, "#side"]);

function follow(link) {
  history.replaceState(null, "", link);
  return show(link, FOUND);
}

function settle() {
  for (const box of document.querySelectorAll("#results input[type=checkbox]")) {
    box.checked = chosen.has(box.value) && !box.disabled;
  }
  const remove = $("#remove");
  if (!remove) return;
  remove.disabled = chosen.size === 0;
  remove.textContent = chosen.size ? `Remove ${chosen.size} selected …` : "Remove selected …";
}

let typing = 0;
function search() {
  const query = new URLSearchParams([...new FormData($("#search"))].filter(([, value]) => value));
  follow(`/articles${query.size ? `?${query}` : ""}`);
}
$("#search").addEventListener("submit", (event) => { event.preventDefault(); search(); });
$("#search").addEventListener("change", search);
$("#search").addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  clearTimeout(typing);
  typing = setTimeout(search, 150);
});
$("#list").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-list]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const query = new URL(link.href).searchParams, fields = $("#search").elements;
  // The list of a search just typed may still be on its way: the form says what is looked for, not a link of the list before.
  const words = fields.q.value.split(/\s+/).filter(Boolean).join(" ");
  if (link.id && (words !== (query.get("q") ?? "") || fields.status.value !== (query.get("status") ?? ""))) {
    for (const [name, value] of [["page", ""], ["q", words], ["status", fields.status.value]])
      if (value) query.set(name, value); else query.delete(name);
  }
  clearTimeout(typing);
  for (const name of ["q", "status", "sort", "dir"]) fields[name].value = query.get(name) ?? (name === "sort" ? "title" : "");
  follow(`/articles${query.size ? `?${query}` : ""}`);
});
$("#list").addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox") return;
  if (box.checked) chosen.set(box.value, box.dataset.title); else chosen.delete(box.value);
  settle();
});

// Removing and taking back

function confirmed() {
  const dialog = $("#confirm");
  $("#confirm-title").textContent = chosen.size === 1 ? "Remove this article?" : `Remove these ${chosen.size} articles?`;
  dialog.querySelector("ul").replaceChildren(...[...chosen.values()].map((title) => make("li", title)));
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "remove"), { once: true });
  });
}

async function removeChosen() {
  if (!await confirmed()) return;
  const ids = [...chosen.keys()], done = [];
  for (let from = 0; from < ids.length; from += MOST_REMOVED) {
    done.push(...await post("remove", { ids: ids.slice(from, from + MOST_REMOVED) }));
  }
  chosen.clear();
  const kept = done.filter((each) => each.detail);
  const gone = done.length - kept.length;
  say([gone ? `${gone === 1 ? "1 article" : `${gone} articles`} removed.` : "", ...kept.map((each) => each.detail)].join(" "));
  await refresh();
}

async function takeBack(key) {
  const done = await post("restore", { key });
  say(`“${done.id}” is back.`);
  await refresh();
}

const told = (work) => (...values) => work(...values).catch((error) => { say(error.message); refresh(); });
$("#remove")?.addEventListener("click", told(removeChosen));
$("#side").addEventListener("click", (event) => {
  const key = event.target.closest("button[data-key]")?.dataset.key;
  if (key) told(takeBack)(key);
});

// Uploading

function send(files, clash) {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  const bar = $("#sending");
  bar.hidden = false;
  bar.value = 0;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onload = () => { try { resolve(read(request.status, request.responseText)); } catch (error) { reject(error); } };
    request.onerror = () => reject(new Error("The upload was broken off: a file changed meanwhile, or the server is gone."));
    request.open("POST", `/articles/upload?clash=${clash}`);
    request.send(form);
  }).finally(() => { bar.hidden = true; });
}

function fitting(files) {
  const limits = $("#upload").dataset;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > limits.files) throw new Error(`These are ${files.length} files; one upload has at most ${limits.files}.`);
  const large = files.filter((file) => file.size > limits.bytes);
  const fits = files.filter((file) => file.size <= limits.bytes);
  if (total > limits.total) throw new Error(`These files are too large together. ${$("#limits").textContent}`);
  tell(large.map((file) => ({ sent: file.name, outcome: "refused", detail: `The file is larger than ${limits.bytes / 2 ** 20} MiB.` })), []);
  return fits;
}

function tell(outcomes, files) {
  outcomes.forEach((each, position) => {
    const item = make("li", "", each.outcome);
    item.append(make("strong", each.sent), make("span", ` ${each.detail}`));
    if (each.outcome === "taken") item.append(choices(item, files[position]));
    $("#outcomes").prepend(item);
  });
}

function choices(item, file) {
  const row = make("span", "", "buttons");
  const again = (clash) => told(async () => { item.remove(); await upload([file], clash); });
  row.append(button("Replace", again("replace")), button("Keep both", again("both")), button("Leave", () => item.remove()));
  return row;
}

async function upload(files, clash = "ask") {
  try {
    const fits = fitting(files);
    if (fits.length) tell(await send(fits, clash), fits);
  } catch (error) {
    tell([{ sent: "", outcome: "refused", detail: error.message }], []);
  }
  await refresh();
}

const area = $("#upload");
$("#files")?.addEventListener("change", (event) => {
  upload([...event.target.files]);
  event.target.value = "";
});
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
area?.addEventListener("dragover", () => area.classList.add("over"));
area?.addEventListener("dragleave", () => area.classList.remove("over"));
document.addEventListener("drop", (event) => {
  area?.classList.remove("over");
  if (area && event.dataTransfer.files.length) upload([...event.dataTransfer.files]);
});

// Building

$("#rebuild")?.addEventListener("click", told(async () => {
  const begun = await post("rebuild");
  say(begun.started ? "" : "The index is being built already.");
  lastSaid = "";
  look();
}));
$("#stop")?.addEventListener("click", told(async () => { await post("stop"); look(); }));

function showBuilding(building) {
  $("#building").hidden = !building;
  const busy = Boolean(building);
  if ($("#rebuild")) $("#rebuild").disabled = busy;
  if ($("#stop")) $("#stop").hidden = !building?.can_stop;
  if (!building) return;
  $("#builds").textContent = building.builds;
  const bar = $("#progress");
  if (building.of) { bar.max = building.of; bar.value = building.done; } else { bar.removeAttribute("value"); }
}

let next = 0;
async function look() {
  clearTimeout(next);
  let wait = 3000;
  try {
    const reply = await fetch("/articles/status");
    const now = read(reply.status, await reply.text());
    if ($("#stands").textContent !== now.stands) $("#stands").textContent = now.stands;
    showBuilding(now.building);
    if (lastSaid !== null && now.said !== lastSaid && now.said) say(now.said);
    lastSaid = now.said;
    if (now.version !== version) { version = now.version; await refresh(); }
    if (now.building) wait = 500;
  } catch {
    $("#stands").textContent = "The server does not answer.";
  }
  clearTimeout(next);
  next = setTimeout(look, document.hidden ? 15000 : wait);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
settle();
look();
