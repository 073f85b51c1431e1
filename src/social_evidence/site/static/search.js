// Search: what was asked in the box at the head, or here, is looked up in the index that came
// with the page. Without it the page is a list from A to Z.
(() => {
  "use strict";
  const own = (globalThis.socialEvidence ??= {});

  // Pages that have every word, else pages with words much like them, else with some of them.
  const find = (index, query) => {
    for (const [options, loose] of [[{}, false], [{ fuzzy: 0.34 }, false],
      [{ combineWith: "OR" }, true]]) {
      const hits = index.search(query, options);
      if (hits.length) return { hits, loose };
    }
    return { hits: [], loose: true };
  };

  const told = (words, found, query) => {
    const count = found.hits.length;
    const text = !count ? words.none : found.loose ? words.loose
      : count === 1 ? words.one : words.many;
    return text.replace("{count}", count).replace("{query}", () => query);
  };

  own.finder = { find, told };
  if (typeof document === "undefined" || !own.search || !globalThis.MiniSearch) return;

  const MOST = 40;
  const { options, index: stored, words } = own.search;
  const index = MiniSearch.loadJS(stored, options);
  const [form, box, status, list] = ["ask", "words", "told", "found"].map((id) =>
    document.getElementById(id));

  const line = ({ title, kind, path, summary }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `../${path}`;
    link.textContent = title;
    const about = document.createElement("span");
    about.className = "quiet";
    about.textContent = ` ${kind}`;
    const more = document.createElement("p");
    more.className = "note";
    more.textContent = summary;
    item.append(link, about, more);
    return item;
  };

  const show = () => {
    const query = box.value.trim();
    const found = query ? find(index, query) : { hits: [] };
    status.textContent = query ? told(words, found, query) : "";
    list.replaceChildren(...found.hits.slice(0, MOST).map(line));
    list.hidden = !found.hits.length;
  };

  let waiting = 0;
  form.hidden = false;
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(box.value)}`);
    show();
  });
  show();
})();
