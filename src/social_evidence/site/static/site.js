// What a script may add to any page: reading a chart by keyboard, and word of a newer release.
// Without it every page is complete.
(() => {
  "use strict";
  const own = (globalThis.socialEvidence ??= {});

  // Marks of a chart in reading order; their label is what a listener hears without a script.
  const says = (mark) =>
    (mark.getAttribute("aria-label") || mark.textContent).replace(/\s+/g, " ").trim();

  // Whether one version, such as 2026.10.0, comes after another.
  const isNewer = (one, other) => {
    const [a, b] = [one, other].map((text) => String(text).split(".").map(Number));
    const at = a.findIndex((number, place) => number !== b[place]);
    return at >= 0 && a[at] > b[at];
  };

  // Which mark a key leads to; undefined for a key that is not ours.
  const step = (key, at, count) =>
    ({
      ArrowRight: Math.min(at + 1, count - 1),
      ArrowDown: Math.min(at + 1, count - 1),
      ArrowLeft: Math.max(at - 1, 0),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: count - 1,
    })[key];

  own.site = { isNewer, says, step };
  if (typeof document === "undefined") return;

  const live = document.createElement("p");
  live.className = "vh";
  live.setAttribute("role", "status");
  const tell = (text) => {
    live.textContent = text;
  };

  const frame = (mark) => {
    const box = mark.getBBox();
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const sides = { x: box.x - 4, y: box.y - 3, width: box.width + 8, height: box.height + 6 };
    for (const [name, value] of Object.entries(sides)) rect.setAttribute(name, value);
    rect.setAttribute("class", "at");
    rect.setAttribute("aria-hidden", "true");
    mark.after(rect);
    return rect;
  };

  const readable = (chart) => {
    const marks = [...chart.querySelectorAll(".p")];
    if (!marks.length) return;
    let at = -1;
    let around = null;
    const leave = () => {
      around?.remove();
      around = null;
      at = -1;
    };
    const go = (to) => {
      around?.remove();
      at = to;
      around = frame(marks[at]);
      around.scrollIntoView({ block: "nearest" });
      tell(`${says(marks[at])} (${at + 1}/${marks.length})`);
    };
    chart.setAttribute("tabindex", "0");
    for (const link of chart.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
    chart.addEventListener("blur", leave);
    chart.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.target !== chart) return;
      const to = step(event.key, at, marks.length);
      if (to !== undefined) go(to);
      else if (event.key === "Enter" && marks[at]?.href) location.href = marks[at].href.baseVal;
      else if (event.key === "Escape") {
        tell("");
        const figure = chart.closest("figure");
        const next = figure?.nextElementSibling?.querySelector("summary, a[href]");
        next ? next.focus() : chart.blur();
      } else return;
      event.preventDefault();
    });
  };

  const charts = document.querySelectorAll("svg.ch:not([aria-hidden])");
  charts.forEach(readable);
  if (charts.length) document.body.append(live);

  // A page of a release that is kept for good asks the root for the newest one.
  const twin = document.querySelector("[data-latest]");
  if (twin) {
    const asked = document.createElement("script");
    asked.src = twin.dataset.latest;
    asked.addEventListener("load", () => {
      const found = own.latest;
      if (!found || !isNewer(found.version, twin.dataset.version)) return;
      const day = new Date(`${found.created}T00:00:00Z`).toLocaleDateString(
        document.documentElement.lang,
        { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" },
      );
      const line = document.createElement("b");
      line.textContent = twin.dataset.newer
        .replace("{version}", found.version)
        .replace("{day}", day);
      twin.prepend(line, " ");
    });
    document.head.append(asked);
  }
})();
