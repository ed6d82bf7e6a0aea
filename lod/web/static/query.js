// The query page with a script: completion of what this site uses, Ctrl+Enter, the place of an error, recent queries.
// Without it the form works as it is. Nothing leaves this site: terms come from it, recent queries stay in the browser.
"use strict";

(() => {
  const query = document.getElementById("query");
  if (!query) return;
  const MOST_SHOWN = 8, MOST_KEPT = 20;
  const WORD = /(?:^|[^?$<"'\w:.-])([A-Za-z][\w-]*(?::[\w.-]*)?)$/;
  const element = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const list = element("ul", { id: "completions", role: "listbox", "aria-label": "Completions", class: "completions", hidden: "" });
  const hint = element("p", { id: "query-keys", class: "count" }, "Ctrl+Space completes a name, Ctrl+Enter runs the query.");
  query.after(list, hint);
  query.setAttribute("aria-autocomplete", "list");
  query.setAttribute("aria-controls", "completions");
  query.setAttribute("aria-describedby", ["query-keys", query.getAttribute("aria-describedby")].filter(Boolean).join(" "));

  let terms = null, shown = [], active = -1, start = 0;

  async function load() {
    if (terms === null) {
      terms = [];
      try {
        const response = await fetch(query.dataset.terms, { headers: { Accept: "application/json" } });
        if (response.ok) terms = (await response.json()).terms;
      } catch { /* Without terms there is nothing to complete. */ }
    }
    return terms;
  }

  // The rank of a term for what has been typed, the lower the better; null where it does not fit.
  function rank(term, wanted) {
    const name = term.name.toLowerCase();
    if (name.startsWith(wanted)) return term.kind === "prefix" ? 0 : 1;
    if (name.slice(name.indexOf(":") + 1).startsWith(wanted)) return 2;
    return !wanted.includes(":") && term.label.toLowerCase().includes(wanted) ? 3 : null;
  }

  function fitting(word, isClass) {
    return terms
      .map((term) => [rank(term, word.toLowerCase()), term])
      .filter(([place, term]) => place !== null && term.name !== word)
      .map(([place, term]) => [place + (isClass && term.kind === "property" ? 10 : 0), term])
      .sort(([a, one], [b, other]) => a - b || other.number - one.number)
      .slice(0, MOST_SHOWN)
      .map(([, term]) => term);
  }

  function close() {
    list.hidden = true;
    active = -1;
    query.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    active = place;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    query.setAttribute("aria-activedescendant", `completion-${place}`);
  }

  async function open(isAsked) {
    const before = query.value.slice(0, query.selectionStart);
    const match = WORD.exec(before);
    const word = match ? match[1] : "";
    if (query.selectionStart !== query.selectionEnd || (!isAsked && word.length < 2)) return close();
    await load();
    start = before.length - word.length;
    shown = fitting(word, /(?:^|\s)a\s+$/.test(before.slice(0, start)));
    list.replaceChildren(...shown.map((term, number) => {
      const counted = term.number ? ` ${term.number.toLocaleString("en")}` : "";
      const option = element("li", { role: "option", id: `completion-${number}`, "aria-selected": "false" },
        element("code", {}, term.name), " ", element("small", {}, `${term.label}${counted}`));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); accept(number); });
      return option;
    }));
    list.hidden = shown.length === 0;
    active = -1;
    query.removeAttribute("aria-activedescendant");
    if (isAsked && shown.length) choose(0);
  }

  function accept(place) {
    const name = shown[place].name;
    query.setRangeText(name, start, query.selectionStart, "end");
    close();
    if (name.endsWith(":")) open(true);
  }

  query.addEventListener("input", () => open(false));
  query.addEventListener("blur", close);
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      query.form.requestSubmit();
    } else if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      open(true);
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((active + step + shown.length + (active < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (!list.hidden && active >= 0 && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      accept(active);
    } else if (!list.hidden && event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });

  const line = Number(query.dataset.line), column = Number(query.dataset.column);
  if (line && column) {
    const lines = query.value.split("\n");
    const place = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    const word = /^[\w:.-]+/.exec(query.value.slice(place));
    query.focus();
    query.setSelectionRange(place, place + (word ? word[0].length : 1));
  }

  const key = `queries of ${query.form.getAttribute("action")}`;
  const recent = () => {
    try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return []; }
  };
  const keep = (queries) => {
    try { localStorage.setItem(key, JSON.stringify(queries)); } catch { /* The browser keeps nothing. */ }
  };
  query.form.addEventListener("submit", () => {
    keep([query.value, ...recent().filter((known) => known !== query.value)].slice(0, MOST_KEPT));
  });
  const queries = recent();
  if (queries.length) {
    const items = element("ul", { class: "values" }, ...queries.map((text) => {
      const button = element("button", { type: "button", class: "plain" }, text.length > 200 ? `${text.slice(0, 200)} …` : text);
      button.addEventListener("click", () => { query.value = text; query.focus(); });
      return element("li", {}, button);
    }));
    const forget = element("button", { type: "button" }, "Forget them");
    const details = element("details", {}, element("summary", {}, "Recent queries in this browser"), items, forget);
    forget.addEventListener("click", () => { keep([]); details.remove(); query.focus(); });
    query.form.after(details);
  }
})();
