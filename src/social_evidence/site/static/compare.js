// Comparing any two areas or groups: where a page is ready it leads there, else it shows the
// figures of both and the verdicts of the release. Nothing is worked out here.
(() => {
  "use strict";
  const own = (globalThis.socialEvidence ??= {});

  // The page that is ready for two sides; none for some.
  const ready = (pages, one, other) =>
    pages[`${one}|${other}`] ?? pages[`${other}|${one}`] ?? "";

  // How the first side stands to the second: word, size, and whether both were counted.
  const verdict = (line, one, other) => {
    const forth = line.verdicts[`${one}|${other}`];
    if (forth) return [forth[0], forth[1], forth[4]];
    const back = line.verdicts[`${other}|${one}`];
    return back ? [back[2], back[3], back[4]] : null;
  };

  const both = (lines, one, other) =>
    lines.filter(({ sides }) => sides[one] && sides[other] && (sides[one][3] || sides[other][3]));

  own.comparing = { both, ready, verdict };
  if (typeof document === "undefined" || !own.compare) return;

  const { families, words } = own.compare;
  const say = (text, given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name]);
  const make = (tag, given = {}, ...inside) => {
    const made = document.createElement(tag);
    Object.assign(made, given);
    made.append(...inside);
    return made;
  };
  const load = (family, path) =>
    new Promise((done) => {
      if (own.pairs?.[family]) return done(true);
      const tag = make("script", { src: `../${path}` });
      tag.addEventListener("load", () => done(true));
      tag.addEventListener("error", () => done(false));
      document.head.append(tag);
    });

  const section = document.getElementById("free");
  const form = make("form", { className: "ask" });
  const status = make("p", { className: "find" });
  status.setAttribute("role", "status");
  const shown = make("div");
  section.querySelector(".body").append(form, status, shown);
  section.hidden = false;

  const state = {};
  const read = () => {
    const given = new URLSearchParams(location.hash.replace(/^#/, ""));
    Object.assign(state, { f: given.get("f") ?? families[0][0], x: given.get("x"), y: given.get("y") });
  };

  const choice = (name, label, entries, value) =>
    make("p", {}, make("label", { htmlFor: `c-${name}` }, label),
      make("select", { name, id: `c-${name}` }, ...entries.map(([id, text]) =>
        make("option", { value: id, selected: id === value }, text))));

  const cell = ([value, range, href, isShown]) =>
    make("td", { className: isShown ? "r" : "r off" }, make("a", { href: `../${href}` }, value),
      ...(isShown ? [" ", make("span", { className: "when" }, range)] : []));

  const table = (lines, one, other) => {
    const names = { first: one[1], second: other[1] };
    const heads = [words.measure, one[1], other[1], say(words.against, names)];
    const rows = lines.map((line) => {
      const found = verdict(line, one[0], other[0]);
      const told = found ? [found[0], ...(found[2] ? [` ${words.counted}`] : []), " ",
        make("span", { className: "when" }, found[1])] : [words.uncompared];
      return make("tr", {},
        make("th", { scope: "row" }, make("a", { href: `../${line.path}` }, line.title), " ",
          make("span", { className: "when" }, `${line.when}, ${line.series}`)),
        cell(line.sides[one[0]]), cell(line.sides[other[0]]), make("td", {}, ...told));
    });
    const made = make("div", { className: "scroll", tabIndex: 0 }, make("table", {},
      make("caption", {}, say(words.table, names)),
      make("thead", {}, make("tr", {}, ...heads.map((head, at) =>
        make("th", { scope: "col", className: at === 1 || at === 2 ? "r" : "" }, head)))),
      make("tbody", {}, ...rows)));
    made.setAttribute("role", "region");
    made.setAttribute("aria-label", say(words.table, names));
    return made;
  };

  const show = async () => {
    const [family, , path, sides, pages] = families.find(([id]) => id === state.f) ?? families[0];
    const one = sides.find(([id]) => id === state.x) ?? sides[0];
    const other = sides.find(([id]) => id === state.y) ?? sides[1];
    const names = { first: one[1], second: other[1] };
    form.replaceChildren(
      choice("f", words.family, families, family),
      choice("x", words.first, sides, one[0]),
      choice("y", words.second, sides, other[0]),
    );
    if (!state.x && !state.y) return;
    shown.replaceChildren();
    if (one[0] === other[0]) {
      status.textContent = words.same;
      return;
    }
    const page = ready(pages, one[0], other[0]);
    if (page) {
      status.replaceChildren(make("a", { href: `../${page}` }, say(words.ready, names)));
      return;
    }
    if (!(await load(family, path))) {
      status.textContent = words.missing;
      return;
    }
    const lines = both(own.pairs[family], one[0], other[0]);
    status.textContent = say(lines.length ? words.count : words.nothing,
      { ...names, count: lines.length });
    if (lines.length) shown.append(table(lines, one, other));
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (name === "f") Object.assign(state, { f: value, x: null, y: null });
    else {
      const [, , , sides] = families.find(([id]) => id === state.f);
      state.x ??= sides[0][0];
      state.y ??= sides[1][0];
      state[name] = value;
    }
    const kept = Object.entries(state).filter(([, one]) => one);
    history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
    show().then(() => form.elements[name]?.focus());
  });
  addEventListener("hashchange", () => {
    read();
    show();
  });
  read();
  show();
})();
