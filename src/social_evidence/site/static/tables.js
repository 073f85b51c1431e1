// The table builder: figures come from files that tags load, one a measure; what was chosen
// stands in the address, so that a table can be sent to somebody.
(() => {
  "use strict";
  const own = (globalThis.socialEvidence ??= {});

  const slug = (text) =>
    text.toLowerCase().replace(/ ?\* ?/g, "+").replace(/[^a-z0-9+]/g, "-");

  const parse = (hash) => {
    const given = new URLSearchParams(hash.replace(/^#/, ""));
    return {
      m: given.getAll("m"),
      a: given.getAll("a"),
      b: given.get("b") ?? "all",
      g: given.getAll("g"),
      p: given.getAll("p"),
    };
  };

  const written = ({ m, a, b, g, p }) => {
    const given = new URLSearchParams();
    for (const one of m) given.append("m", one);
    for (const one of a) given.append("a", one);
    if (b !== "all") given.append("b", b);
    for (const one of g) given.append("g", one);
    for (const one of p) given.append("p", one);
    return `#${given}`;
  };

  // The latest period of each series that has a figure in an area; of one without, the last.
  const latest = (data, fits) => {
    const { rows } = data;
    const found = new Map();
    rows.period.forEach((period, at) => {
      if (!fits(at)) return;
      const key = [rows.area[at], rows.part[at], rows.series[at], rows.statistic[at]].join();
      const rank = (rows.estimate[at] === null ? 0 : 1e6) + period;
      if (rank > (found.get(key) ?? -1)) found.set(key, rank);
    });
    return (at) =>
      found.get([rows.area[at], rows.part[at], rows.series[at], rows.statistic[at]].join()) % 1e6 ===
      rows.period[at];
  };

  // Places of the rows that a choice asks for, in their order.
  const chosen = (data, state, city) => {
    const { rows } = data;
    const areas = new Set(state.a.length ? state.a : [city]);
    const groups = new Set(state.g);
    const periods = new Set(state.p);
    const fits = (at) => {
      const [breakdown, group] = data.groups[rows.group[at]];
      return (
        areas.has(data.areas[rows.area[at]][0]) &&
        data.breakdowns[breakdown][0] === state.b &&
        (!groups.size || groups.has(group))
      );
    };
    const dated = periods.has("all") ? () => true
      : periods.size ? (at) => periods.has(data.periods[rows.period[at]][0])
        : latest(data, fits);
    return [...rows.part.keys()].filter((at) => fits(at) && dated(at));
  };

  // The address of a row's own cell, from the root of the tree.
  const address = (data, at) => {
    const { rows } = data;
    const [breakdown, group] = data.groups[rows.group[at]];
    const [period, , decade] = data.periods[rows.period[at]];
    const area = rows.area[at];
    const part = data.parts[rows.part[at]][0];
    const id = [data.breakdowns[breakdown][0], group, period];
    if (part !== "all") id.push(part);
    if (data.statistics[rows.statistic[at]][0] === "difference") id.push("difference");
    if (data.long.includes(at)) id.push(data.series[rows.series[at]][0]);
    const parted = data.decades.includes(area) ? `${decade}/` : "";
    return `c/${data.slug}/${slug(data.areas[area][0])}/${parted}index.html#${
      id.map(slug).join(".")}`;
  };

  // A row by name: codes, what people read, and numbers as they are published.
  const row = (id, data, at) => {
    const { rows } = data;
    const [breakdown, group, groupName] = data.groups[rows.group[at]];
    const [part, series, area, period, statistic, status, flags] = [
      ["parts", "part"], ["series", "series"], ["areas", "area"], ["periods", "period"],
      ["statistics", "statistic"], ["statuses", "status"], ["flags", "flags"],
    ].map(([list, column]) => data[list][rows[column][at]]);
    return {
      measure: id, measure_name: data.title,
      part: part[0], part_name: part[1],
      series: series[0], series_name: series[1],
      period: period[0], period_name: period[1],
      area: area[0], area_name: area[1],
      breakdown: data.breakdowns[breakdown][0], breakdown_name: data.breakdowns[breakdown][1],
      group, group_name: groupName,
      statistic: statistic[0], unit: part[2],
      estimate: rows.estimate[at], lower: rows.lower[at], upper: rows.upper[at],
      base: rows.base[at],
      status: status[0], status_name: status[1], flags: flags[0], flags_name: flags[1],
    };
  };

  // No spreadsheet may take a text for a formula.
  const guarded = (text) => (/^[=+\-@\t\r\n'＝＋－＠]/.test(text) ? `'${text}` : text);
  const field = (value) =>
    value === null ? "" : typeof value === "number" ? String(value)
      : `"${guarded(value).replaceAll('"', '""')}"`;
  const csv = (rows, release) => {
    const names = [...Object.keys(rows[0] ?? {}), "release"];
    const lines = rows.map((one) => [...Object.values(one), release].map(field).join());
    return `${[names.map(field).join(), ...lines].join("\n")}\n`;
  };

  own.builder = { address, chosen, csv, parse, row, written };
  if (typeof document === "undefined" || !own.tables) return;

  const MOST = 400;
  const NUMBERS = ["figure", "range", "base"];
  const { words, measures, initiatives, areas, city, version, created, title, notices } = own.tables;
  const say = (text, given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name]);
  const make = (tag, given = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (name in made && name !== "list") made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...inside);
    return made;
  };
  const pick = (name, value, label, checked) =>
    make("label", { className: "pick" },
      make("input", { type: "checkbox", name, value, checked }), make("span", {}, label));
  const picks = (name, legend, entries, ticked, hint = "", kind = "cols") =>
    make("details", { open: false },
      make("summary", {}, legend),
      ...(hint ? [make("p", { className: "note" }, hint)] : []),
      make("fieldset", {}, make("legend", { className: "vh" }, legend),
        make("ul", { className: kind }, ...entries.map(([value, label]) =>
          make("li", {}, pick(name, value, label, ticked.includes(value)))))));

  const load = (id) =>
    new Promise((done) => {
      const entry = [...measures, ...initiatives].find(([known]) => known === id);
      if (!entry || own.measures?.[id]) return done(!!entry);
      const tag = make("script", { src: `../${entry[3]}` });
      tag.addEventListener("load", () => done(true));
      tag.addEventListener("error", () => done(false));
      document.head.append(tag);
    });

  const section = document.getElementById("build");
  const body = section.querySelector(".body");
  const form = make("form", { className: "ask" });
  const status = make("p", { className: "find", role: "status" });
  const shown = make("div");
  body.append(form, status, shown);
  section.hidden = false;
  let state = parse(location.hash);
  let open = new Set([words.measures]);

  const controls = () => {
    const loaded = state.m.map((id) => own.measures?.[id]).filter(Boolean);
    const union = (entries) => [...new Map(entries.map((one) => [one[0], one])).values()];
    const breakdowns = union(loaded.flatMap((data) => data.breakdowns));
    const groups = union(loaded.flatMap((data) => data.groups
      .filter(([at]) => data.breakdowns[at][0] === state.b).map(([, id, name]) => [id, name])));
    const periods = union(loaded.flatMap((data) => data.periods)).reverse();
    const boroughs = areas.filter((one) => one[2]).map(([code]) => code);
    const ticked = state.a.length ? state.a : [city];
    const every = make("button", { type: "button" }, words.all_areas);
    every.addEventListener("click", () => change({ a: [city, ...boroughs] }));
    const which = make("select", { name: "b", id: "b" }, ...breakdowns.map(([id, name]) =>
      make("option", { value: id, selected: id === state.b }, name)));
    form.replaceChildren(
      picks("m", words.measures, measures, state.m, "", "cols two-wide"),
      ...(initiatives.length
        ? [picks("m", words.initiatives, initiatives, state.m, "", "cols two-wide")] : []),
      picks("a", words.areas, areas, ticked),
      make("p", {}, every),
      ...(loaded.length ? [
        make("p", {}, make("label", { htmlFor: "b" }, words.breakdown), which),
        ...(state.b === "all" ? [] : [picks("g", words.groups, groups, state.g, words.none_groups)]),
        picks("p", words.periods, [["all", words.all_periods], ...periods], state.p,
          words.none_periods),
      ] : []),
    );
    for (const part of form.querySelectorAll("details")) {
      const name = part.firstChild.textContent;
      part.open = open.has(name);
      part.addEventListener("toggle", () => open[part.open ? "add" : "delete"](name));
    }
  };

  const caption = (rows) => {
    const titles = [...new Set(rows.map((each) => each.measure_name))].join("; ");
    const places = [...new Set(rows.map((each) => each.area_name))];
    return places.length === 1 ? `${titles}, ${places[0]}` : titles;
  };

  const cells = (rows) => {
    const one = (name) => new Set(rows.map((each) => each[name])).size < 2;
    const columns = [
      ["measure", (r) => r.measure_name, one("measure")],
      ["area", (r) => r.area_name, one("area") && !one("group")],
      ["part", (r) => r.part_name, rows.every((r) => r.part === "all")],
      ["group", (r) => r.group_name + (r.statistic === "difference" ? `: ${r.kind}` : ""),
        rows.every((r) => r.group === "all")],
      ["period", (r) => r.when, false],
      ["series", (r) => r.series_name, one("series")],
      ["figure", (r) => make("a", { href: `../${r.href}` }, r.value), false],
      ["range", (r) => r.range, false],
      ["base", (r) => (r.base === null ? "" : r.base.toLocaleString("en-GB")),
        rows.every((r) => r.base === null)],
      ["status", (r) => r.state, false],
    ].filter(([, , left]) => !left);
    const aligned = (name, each) =>
      !NUMBERS.includes(name) ? "" : each?.estimate === null ? "r off" : "r";
    const head = make("thead", {}, make("tr", {}, ...columns.map(([name]) =>
      make("th", { scope: "col", className: aligned(name) }, words[name]))));
    const lines = rows.slice(0, MOST).map((each) => make("tr", {}, ...columns.filter(([name]) =>
      name !== "range" || each.estimate !== null).map(([name, of], at) =>
      at ? make("td", { className: aligned(name, each), "data-l": words[name],
        colSpan: name === "figure" && each.estimate === null ? 2 : 1 }, of(each))
        : make("th", { scope: "row" }, of(each)))));
    return make("div", { className: "scroll", role: "region", tabIndex: 0, "aria-label": words.table },
      make("table", { className: "stk tight" }, make("caption", {}, caption(rows)), head, make("tbody", {}, ...lines)));
  };

  const save = (rows) => {
    const names = ["value", "range", "href", "kind", "state", "when"];
    const plain = rows.map((each) =>
      Object.fromEntries(Object.entries(each).filter(([name]) => !names.includes(name))));
    const url = URL.createObjectURL(new Blob([csv(plain, version)], { type: "text/csv" }));
    const marked = rows.some((each) => each.flags.includes("synthetic")) ? "-synthetic" : "";
    make("a", { href: url, download: `table-${version}${marked}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };

  const aside = (rows) => {
    const link = make("input", { type: "text", readOnly: true, id: "link", value: location.href });
    const copied = make("span", { role: "status" });
    const copy = make("button", { type: "button" }, words.copy);
    copy.addEventListener("click", async () => {
      link.select();
      try {
        await navigator.clipboard.writeText(link.value);
      } catch {
        document.execCommand("copy");
      }
      copied.textContent = words.copied;
    });
    const keep = make("button", { type: "button" }, words.csv);
    keep.addEventListener("click", () => save(rows));
    const loaded = state.m.map((id) => own.measures?.[id]).filter(Boolean);
    const files = loaded.flatMap((data) => [
      make("h3", {}, make("a", { href: `../${data.tables}` }, say(words.files, data))),
      make("ul", { className: "dl" }, ...data.files.map(([name, path, size]) =>
        make("li", {}, make("a", { href: `../${path}` }, name),
          make("span", {}, size < 1e6 ? ` ${Math.ceil(size / 1e3)} kB` : ` ${(size / 1e6).toFixed(1)} MB`)))),
    ]);
    const titles = loaded.map((data) => data.title).join("; ");
    const place = own.tables.public ? `/r/${version}/tables/index.html${written(state)}` : "";
    return [
      make("p", { className: "ask" }, keep, copy, copied),
      make("p", { className: "ask" }, make("label", { htmlFor: "link" }, words.link), link),
      make("h3", {}, words.cite),
      make("div", { className: "cite" }, make("p", {},
        [title, titles, `release ${version}`, created].join(", ") + ". ",
        ...notices.map((notice) => `${notice} `), make("code", {}, place))),
      ...files,
    ];
  };

  const show = async () => {
    const there = await Promise.all(state.m.map(load));
    // Who was asked before and after is never everybody at once: then the first that there is.
    const known = state.m.flatMap((id) => (own.measures?.[id]?.breakdowns ?? []).map(([of]) => of));
    if (known.length && !known.includes(state.b)) state = { ...state, b: known[0], g: [] };
    controls();
    const rows = state.m.filter((_, at) => there[at]).flatMap((id) => {
      const data = own.measures[id];
      return chosen(data, state, city).map((at) => ({
        ...row(id, data, at),
        value: data.values[data.rows.value[at]],
        range: data.ranges[data.rows.range[at]],
        when: data.periods[data.rows.period[at]][3],
        state: [data.statuses[data.rows.status[at]][1], data.flags[data.rows.flags[at]][2]]
          .filter(Boolean).join("; "),
        kind: data.statistics[data.rows.statistic[at]][1],
        href: address(data, at),
      }));
    });
    const lost = state.m.filter((_, at) => !there[at]);
    const count = rows.length.toLocaleString("en-GB");
    status.textContent = lost.length ? say(words.missing, { title: lost.join(", ") })
      : !state.m.length ? words.start
        : !rows.length ? words.nothing
          : say(rows.length > MOST ? words.cut : words.count, { count, most: MOST });
    shown.replaceChildren(...(rows.length ? [cells(rows), ...aside(rows)] : []));
  };

  const change = (given) => {
    state = { ...state, ...given };
    history.replaceState(null, "", written(state));
    const kept = document.activeElement;
    const at = [kept?.name, kept?.value];
    show().then(() => {
      const same = [...form.elements].find((one) => one.name === at[0] && one.value === at[1]);
      if (kept && !kept.isConnected) (same ?? form.elements[0])?.focus();
    });
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const { name } = event.target;
    if (name === "b") return change({ b: event.target.value, g: [] });
    const ticked = [...form.querySelectorAll(`[name=${name}]:checked`)].map((one) => one.value);
    change({ [name]: ticked });
  });
  addEventListener("hashchange", () => {
    state = parse(location.hash);
    show();
  });
  show();
})();
