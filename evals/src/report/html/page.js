"use strict";
// Shows and hides cases, and lays out a case's details when it is opened. All text goes in as text, never as markup.
(() => {
  const byId = (id) => document.getElementById(id);
  const index = JSON.parse(byId("index").textContent);
  const list = byId("list");
  const rows = [...list.children];
  const controls = ["search", "tag", "state", "failing", "sort"].map(byId);
  const [search, tag, state, failing, sort] = controls;

  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined && text !== null) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const under = (parent, ...children) => { parent.append(...children.filter(Boolean)); return parent; };
  const titled = (level, title, ...children) => [make(level, title), ...children];
  const folded = (title, ...children) => under(make("details"), make("summary", title), ...children);
  const bullets = (texts) => under(make("ul"), ...texts.map((text) => make("li", text)));
  const data = (at) => JSON.parse(byId(`data-${at}`).textContent);

  // Filters

  const texts = new Map();
  const holds = (at, words) => {
    if (!texts.has(at)) texts.set(at, byId(`data-${at}`).textContent.toLowerCase());
    return words.every((word) => texts.get(at).includes(word));
  };
  const isShown = (at, words) => {
    const row = index.rows[at];
    return (!tag.value || row.tags.includes(tag.value))
      && (!state.value || row.state === state.value || (state.value === "lost" && row.lost))
      && (!failing.value || row.failing.includes(failing.value))
      && (words.length === 0 || holds(at, words));
  };
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !isShown(Number(row.dataset.at), words);
      if (!row.hidden) shown += 1;
    }
    byId("shown").textContent = shown === rows.length ? `${shown} cases` : `${shown} of ${rows.length} cases`;
  };
  const order = () => {
    const scorer = index.scorers.find((one) => one.name === sort.value);
    const worth = (row) => scorer ? scorer.values[Number(row.dataset.at)] : null;
    for (const row of rows) {
      const value = worth(row);
      row.querySelector(".value").textContent = scorer ? (value === null ? "–" : value.toPrecision(3)) : "";
    }
    const sorted = [...rows].sort((one, other) => {
      const [left, right] = [worth(one), worth(other)];
      if (left === right) return Number(one.dataset.at) - Number(other.dataset.at);
      if (left === null || right === null) return left === null ? 1 : -1;
      return scorer.more ? left - right : right - left;
    });
    list.append(...sorted);
  };
  let waiting;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 150); });
  for (const control of [tag, state, failing]) control.addEventListener("change", apply);
  sort.addEventListener("change", order);
  document.querySelector("form.filter").addEventListener("submit", (event) => event.preventDefault());

  // A case's details

  const scoreTable = (scores) => {
    const body = make("tbody");
    for (const score of scores) {
      const word = score.passed === null ? "" : score.passed ? "passed" : "failed";
      const why = score.why.length ? bullets(score.why) : null;
      under(body, under(make("tr"),
        make("th", score.scorer), make("td", score.value, "n"),
        make("td", word, score.passed === false ? "no" : "yes"), under(make("td"), why)));
    }
    const head = under(make("tr"), make("th", "scorer"), make("th", "value", "n"), make("th", ""), make("th", "what was found"));
    return under(make("div", null, "wide"), under(make("table"), under(make("thead"), head), body));
  };
  const item = (one) => under(make("div", null, "item"),
    make("p", one.text), make("p", one.place, "cite"),
    ...one.evidence.map((cited) => make("p", cited, "cite")),
    folded("all fields", make("pre", one.fields)));
  const exchange = (one, at) => folded(`Question ${at + 1} and answer`,
    one.prompt === null ? null : make("h5", "Prompt"), one.prompt === null ? null : make("pre", one.prompt),
    one.reply === null ? null : make("h5", "Reply"), one.reply === null ? null : make("pre", one.reply));
  const checkTable = (checks) => {
    const body = make("tbody");
    for (const one of checks) {
      under(body, under(make("tr"), make("th", one.place), make("td", one.cited),
        make("td", one.holds ? "holds" : "does not hold", one.holds ? "yes" : "no"), make("td", `It ${one.verdict}.`)));
    }
    const head = under(make("tr"), make("th", "item"), make("th", "evidence cited"), make("th", ""), make("th", "what was found"));
    return under(make("div", null, "wide"), under(make("table"), under(make("thead"), head), body));
  };
  const checks = (one) => {
    if (!one.checks.length) return make("p", "No evidence was looked up.", "hint");
    const bad = one.checks.filter((check) => !check.holds);
    const good = one.checks.filter((check) => check.holds);
    return under(make("div"),
      make("p", `${good.length} of ${one.checks.length} hold.`, bad.length ? "no" : "yes"),
      bad.length ? checkTable(bad) : null,
      good.length ? folded("Evidence that holds", checkTable(good)) : null);
  };
  const task = (one, expected) => {
    const actual = under(make("div"), make("h5", "Actual"),
      ...(one.items.length ? one.items.map(item) : [make("p", "No item went to the plan.", "hint")]),
      one.removed.length ? under(make("div"), make("h5", "Taken away"), bullets(one.removed)) : null,
      one.questions.length ? under(make("div"), make("h5", "Questions"), bullets(one.questions)) : null);
    const wanted = expected === null ? null : under(make("div"), make("h5", "Expected"), make("pre", expected));
    return under(make("section"),
      make("h4", one.run), one.failed === null ? null : make("p", one.failed, "no"),
      under(make("div", null, "beside"), wanted, actual),
      make("h5", "Evidence checks"), checks(one),
      one.dropped.length ? under(make("div"), make("h5", "Left out"), bullets(one.dropped)) : null,
      one.warnings.length ? under(make("div"), make("h5", "Said beyond the evidence"), bullets(one.warnings)) : null,
      make("h5", "Exchange with the model"),
      ...(one.exchanges.length ? one.exchanges.map(exchange) : [make("p", "None: drafted without a model.", "hint")]),
      make("p", one.spent, "hint"));
  };
  const run = (one, whole) => under(make("section"),
    whole.runs.length > 1 ? make("h4", `Repeat ${one.repeat}`) : null,
    one.errored === null ? null : make("p", `It broke, so there is no score: ${one.errored}`, "no"),
    one.scores.length ? scoreTable(one.scores) : null,
    ...one.tasks.map((each) => task(each, whole.expected)),
    one.judged === null ? null : make("p", `Judge: ${one.judged}`, "hint"));
  const fill = (row) => {
    if (row.querySelector(".body")) return;
    const whole = data(row.dataset.at);
    const body = make("div", null, "body");
    if (whole.cut) under(body, make("p", whole.cut, "note"));
    if (whole.changes.length) under(body, ...titled("h4", "Against the earlier run", bullets(whole.changes)));
    under(body, make("p", `Cluster ${whole.cluster}`, "hint"), ...whole.runs.map((one) => run(one, whole)));
    row.append(body);
  };
  list.addEventListener("toggle", (event) => {
    if (event.target.matches(".case") && event.target.open) fill(event.target);
  }, true);

  // A link to a case opens it, whatever the filters hide.

  const follow = () => {
    if (!location.hash.startsWith("#case/")) return;
    const link = location.hash.slice("#case/".length);
    const row = rows.find((one) => one.dataset.case === link || encodeURIComponent(one.dataset.case) === link);
    if (!row) return;
    row.hidden = false;
    row.open = true;
    fill(row);
    row.scrollIntoView();
    row.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  follow();
})();
