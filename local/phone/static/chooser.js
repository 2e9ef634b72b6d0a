// Who texts, and which number of the company.

import { fill } from "./dom.js";
import { freshNumber } from "./numbers.js";
import { carriedBy } from "./words.js";

const NEW = "new";
const OTHER = "other";

/** Bring the choices to life; `changed` is called after each, `texts` also with the number that is texted from then on. */
export function createChooser(company, look, { changed, texts }) {
  const at = Object.fromEntries(
    ["person", "other", "typed", "another", "problem", "ours", "about", "phone-number"].map((id) => [
      id,
      document.getElementById(id),
    ]),
  );

  function number() {
    return { [NEW]: look.fresh, [OTHER]: look.typed }[look.person] ?? look.person;
  }

  function show() {
    const person = company.people.find((each) => each.number === look.person);
    at.other.hidden = Boolean(person);
    at.typed.hidden = look.person !== OTHER;
    at.another.hidden = look.person !== NEW;
    at.person.querySelector(`[value=${NEW}]`).textContent = `Someone new · ${look.fresh}`;
    at.about.textContent = person
      ? carriedBy(person.cards)
      : look.person === NEW
        ? "Nobody knows this number yet: the first text makes a lead."
        : "";
    const ours = company.numbers.find((each) => each.number === look.ours);
    at["phone-number"].textContent = ours ? `${ours.shown} · ${ours.provider}` : "";
  }

  function choose(choice) {
    Object.assign(look, choice);
    show();
    changed();
  }

  function renewed() {
    return freshNumber([...company.people.map((person) => person.number), look.fresh], Math.random);
  }

  look.fresh ||= renewed();
  if (!number()) look.person = company.people[0]?.number ?? NEW;
  if (!company.numbers.some((each) => each.number === look.ours)) look.ours = company.numbers[0]?.number ?? "";
  fill(at.person, [
    { label: "In the company’s books", options: company.people.map(person) },
    { label: "Not in the books", options: [{ value: NEW }, { value: OTHER, label: "Any number …" }] },
  ]);
  fill(at.ours, [{ options: company.numbers.map(ours) }]);
  at.person.value = look.person;
  at.ours.value = look.ours;
  at.typed.value = look.typed;
  at.person.addEventListener("change", () => {
    choose({ person: at.person.value });
    if (look.person === OTHER) at.typed.focus();
  });
  at.typed.addEventListener("input", () => choose({ typed: at.typed.value }));
  at.another.addEventListener("click", () => choose({ fresh: renewed() }));
  at.ours.addEventListener("change", () => {
    texts(company.numbers.find((each) => each.number === at.ours.value));
    choose({ ours: at.ours.value });
  });
  show();

  return {
    number,
    /** Say what is wrong with the number or the text; nothing where all is well. */
    complain(problem) {
      at.problem.textContent = problem;
    },
  };
}

function person({ number, name, shown }) {
  return { value: number, label: `${name} · ${shown}` };
}

function ours({ number, shown, owner, provider }) {
  return { value: number, label: `${shown} · ${owner} · ${provider}` };
}
