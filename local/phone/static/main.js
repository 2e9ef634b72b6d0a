// The page: asks for the state every other second while it is looked at, and shows what changed.

import { read } from "./api.js";
import { createChooser } from "./chooser.js";
import { createDesk } from "./desk.js";
import { h, show } from "./dom.js";
import { createPhone } from "./phone.js";
import { many } from "./words.js";

const PAUSE_MS = 1500;
const SOON_MS = 250; // while a text of this page is on its way
const MEMORY = "textverse-demo";

const look = { reader: "", conversation: "", person: "", typed: "", fresh: "", ours: "", seen: {}, ...remembered() };
let asked = "";
let tag = null;
let turns = 0;
let timer = 0;

const company = await companyOnce();
const desk = createDesk(company, look, { changed });
const chooser = createChooser(company, look, { changed, texts: desk.watch });
const phone = createPhone(chooser, look, { changed, choose: desk.follow });
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
refresh();

/** Something else is looked at from now on. */
function changed() {
  try {
    localStorage.setItem(MEMORY, JSON.stringify(look));
  } catch {
    // A browser that keeps nothing forgets on reload; the page works all the same.
  }
  refresh();
}

async function refresh() {
  clearTimeout(timer);
  const turn = ++turns;
  const query = new URLSearchParams({
    as: look.reader,
    conversation: look.conversation,
    phone: chooser.number(),
    ours: look.ours,
  }).toString();
  try {
    const answer = await read(`api/state?${query}`, query === asked ? tag : null);
    if (turn !== turns) return; // meanwhile something else was chosen, and is being asked for
    asked = query;
    if (answer) {
      tag = answer.tag;
      render(answer.value);
    }
  } catch (error) {
    if (turn !== turns) return;
    asked = "";
    showServices([{ name: "Demo", up: false, problem: error.message }]);
    desk.complain(error.message);
  }
  if (!document.hidden) timer = setTimeout(refresh, phone.isWaiting() ? SOON_MS : PAUSE_MS);
}

function render(state) {
  const { functions, dataverse, waiting } = state.services;
  showServices([
    { name: "Function app", ...functions },
    { name: "Dataverse", ...dataverse },
    {
      name: waiting ? `${many(waiting, "event")} in the queue` : "Queue empty",
      up: true,
      problem: "",
      busy: waiting > 0,
    },
  ]);
  desk.render(state);
  phone.render(state);
}

function showServices(services) {
  const list = document.getElementById("services");
  show(
    list,
    services,
    (service) => service.name,
    (service) =>
      h(
        "li",
        {
          class: service.up ? (service.busy || service.problem ? "busy" : "up") : "away",
          title: service.problem || null,
        },
        service.name,
        service.up ? null : h("b", {}, " is away"),
      ),
  );
}

async function companyOnce() {
  for (;;) {
    try {
      return (await read("api/company")).value;
    } catch (error) {
      showServices([{ name: "Demo", up: false, problem: error.message }]);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}
