// The page shows what the server says is shown, so a reload or a second tab stays in step.

const POLL_MILLISECONDS = 1000;
const SIGNS = { direct: "@", channel: "#", post: "›" };
const GROUPS = [["direct", "Direct messages"], ["channel", "Channels"], ["post", "Posts and threads"]];

const MENTION = /<@!?(\d+)>/;
const TROUBLE = /not completed|not confirmed|uncertain|interrupted|ended|unavailable/;

const PLACES = {
  direct: () => "your direct messages",
  channel: (surface) => `#${surface.name}`,
  post: (surface) => (surface.parent ? `a post in #${surface.parent}` : "a thread"),
};

const at = (id) => document.getElementById(id);
let world = { people: [], steps: [], showing: null };
let drawn = "";
let framed = "";
let opening = 0;
let opened = 0;
let isPressed = false;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// The golden angle keeps neighbours' colours apart.
function hue(person) {
  return Math.round(world.people.indexOf(person) * 137.5) % 360;
}

function face(person) {
  const initials = person.label.split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("");
  const made = element("span", { className: "face", textContent: initials, ariaHidden: "true" });
  made.style.backgroundColor = `hsl(${hue(person)} 38% 38%)`;
  return made;
}

function badge(count) {
  if (!count) return "";
  return element("span", { className: "badge" }, String(count), element("span", { className: "hidden", textContent: " new" }));
}

function row({ key, lead, title, detail, unread, isCurrent, choose }) {
  const words = element("span", {}, element("strong", { textContent: title, dir: "auto" }));
  if (detail) words.append(element("small", { textContent: detail, title: detail }));
  const button = element("button", { type: "button", className: unread ? "row is-unread" : "row" }, lead, words, badge(unread));
  button.dataset.key = key;
  button.ariaCurrent = isCurrent ? "true" : "false";
  button.addEventListener("click", choose);
  return element("li", {}, button);
}

function group(heading, rows) {
  return rows.length ? [element("h3", { textContent: heading }), element("ul", {}, ...rows)] : [];
}

function personRow(person) {
  return row({
    key: person.key, lead: face(person), title: person.label, detail: person.hint, unread: person.unread,
    isCurrent: person.key === world.showing?.person, choose: () => open(person.key),
  });
}

function drawPeople() {
  const wanted = at("search").value.trim().toLowerCase();
  const found = world.people.filter((person) => `${person.label} ${person.hint}`.toLowerCase().includes(wanted));
  const isYou = (person) => person.key === world.showing?.person;
  const rows = (isWanted) => found.filter(isWanted).map(personRow);
  const groups = [
    ...group("You", rows(isYou)),
    ...group("Something new", rows((person) => !isYou(person) && person.unread)),
    ...group("Everyone", rows((person) => !isYou(person) && !person.unread)),
  ];
  replace(at("people"), groups.length ? groups : [element("p", { className: "none", textContent: "Nobody by that name." })]);
}

function drawPlaces() {
  const rows = (kind) => (world.showing?.surfaces ?? []).filter((surface) => surface.kind === kind).map((surface) => row({
    key: surface.key, lead: element("span", { className: "sign", textContent: SIGNS[kind], ariaHidden: "true" }),
    title: surface.name, detail: surface.parent && `in ${surface.parent}`, unread: surface.unread,
    isCurrent: surface.key === world.showing?.surface, choose: () => open(world.showing.person, surface.key),
  }));
  const groups = GROUPS.flatMap(([kind, heading]) => group(heading, rows(kind)));
  replace(at("places"), groups.length ? groups : [element("p", { className: "none", textContent: "Choose who you are first." })]);
}

function replace(list, content) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const scrolled = list.scrollTop;
  list.replaceChildren(...content);
  list.scrollTop = scrolled;
  if (focused) list.querySelector(`[data-key="${focused}"]`)?.focus();
}

function drawShowing(person) {
  const surface = world.showing?.surfaces.find((candidate) => candidate.key === world.showing.surface);
  at("nothing").hidden = Boolean(surface);
  at("surface").hidden = !surface;
  if (!surface) { at("showing").textContent = "Nobody yet"; return; }
  const place = PLACES[surface.kind](surface);
  at("showing").replaceChildren("You are ", element("strong", { textContent: person.label }), ` in ${place} `,
    element("small", { textContent: world.showing.time }));
  at("surface").title = `${person.label}, ${place}`;
}

function draw() {
  const person = world.people.find((candidate) => candidate.key === world.showing?.person);
  drawPeople();
  drawPlaces();
  drawShowing(person);
  if (!at("steps").children.length) at("steps").append(...world.steps.map((step) => element("li", { textContent: step })));
  frame(world.showing?.frame ?? "");
}

function frame(address) {
  if (address === framed) return;
  framed = address;
  at("surface").src = address || "about:blank";
}

function take(answer) {
  const text = JSON.stringify(answer);
  if (text === drawn) return;
  drawn = text;
  world = answer;
  draw();
}

// Without a surface, the server takes the person to what is new for them.
async function open(person, surface) {
  opening += 1;
  at("status").textContent = "Opening";
  at("surface").src = "about:blank";
  framed = "";
  try {
    const answer = await fetch("/stage/open", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ person, surface }),
    });
    const content = await answer.json();
    at("status").textContent = content.problem ?? "";
    if (content.problem) frame(world.showing?.frame ?? "");
    else take(content);
  } catch {
    at("status").textContent = "The playground has stopped. Start it again in the terminal.";
  } finally {
    opening -= 1;
    opened += 1;
  }
}

async function poll() {
  const before = opened;
  try {
    const answer = await fetch("/stage/world", { cache: "no-store" });
    const content = await answer.json();
    // An answer to a request from before the choice of a place tells of the place before; and a button that is drawn
    // again while it is pressed is never clicked.
    if (answer.ok && !opening && !isPressed && before === opened) take(content);
    if (answer.ok && at("status").textContent.startsWith("The playground")) at("status").textContent = "";
  } catch {
    at("status").textContent = "The playground has stopped. Start it again in the terminal.";
  }
  setTimeout(poll, POLL_MILLISECONDS);
}

// In Discord a link, a #mention and a thread under its message lead there; in Preview they are inert, or lead outside.
function follow(event) {
  const link = event.target.closest?.("a[href*='discord.com/channels/']");
  const mention = event.target.closest?.(".mention");
  const thread = event.target.closest?.(".thread-summary");
  const surfaces = world.showing?.surfaces ?? [];
  const target = link
    ? surfaces.find((surface) => link.pathname.split("/")[3] === surface.key)
    : surfaces.find(({ name }) => mention?.textContent === `#${name}` || thread?.textContent.startsWith(`${name} · `));
  if (link || target) event.preventDefault();
  if (target) open(world.showing.person, target.key);
}

// Preview shows bare numbers where Discord shows names: people in direct messages, and links to posts.
function nameThings(surface) {
  for (const link of surface.querySelectorAll("a.markdown-link[href*='discord.com/channels/']:not(.mention)")) {
    const target = world.showing?.surfaces.find((candidate) => link.pathname.split("/")[3] === candidate.key);
    if (target) link.classList.add("mention");
    if (target) link.textContent = `#${target.name}`;
  }
  const texts = surface.createTreeWalker(surface.body, NodeFilter.SHOW_TEXT);
  const numbered = [];
  while (texts.nextNode()) if (MENTION.test(texts.currentNode.data)) numbered.push(texts.currentNode);
  for (const text of numbered) text.replaceWith(...text.data.split(MENTION).map(nameIfPerson));
}

// Splitting by a group puts what the group matched at every second place.
function nameIfPerson(part, place) {
  const person = place % 2 ? world.people.find((candidate) => candidate.key === part) : null;
  if (person) return element("span", { className: "mention", textContent: `@${person.label}` });
  return place % 2 ? "@someone" : part;
}

// Preview tells developers about every step; only what went wrong matters here.
function markTrouble(surface) {
  const status = surface.getElementById("action-status");
  if (status) status.dataset.isTrouble = TROUBLE.test(status.textContent);
}

function dress(surface) {
  nameThings(surface);
  markTrouble(surface);
}

at("surface").addEventListener("load", () => {
  const surface = at("surface").contentDocument;
  surface.addEventListener("click", follow);
  new MutationObserver(() => dress(surface)).observe(surface.body, { childList: true, characterData: true, subtree: true });
  dress(surface);
});
at("search").addEventListener("input", drawPeople);
addEventListener("pointerdown", () => { isPressed = true; });
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => { isPressed = false; }));
poll();
