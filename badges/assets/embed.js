/* Ringmark: turns .ringmark-embed and .altmetric-embed elements into badges. Licence: Apache-2.0, as the rest.

   It asks the server that it comes from and nobody else, keeps nothing, and needs nothing of its page's policy but
   script-src and connect-src for that server: no markup is read, no style element made, no code put together. */
(() => {
  "use strict";

  const VERSION = "1.0.0";
  const EMBEDS = ".ringmark-embed,.altmetric-embed";

  // Pixels of each style, so that room is kept before anything is known. The server draws in the same sizes.
  const SIZES = {
    ring: [64, 64],
    medium: [128, 128],
    large: [240, 240],
    bar: [104, 20],
    "medium-bar": [140, 28],
    "large-bar": [200, 40],
    pill: [88, 24],
  };
  const TYPES = { donut: "ring", "medium-donut": "medium", "large-donut": "large", 1: "pill", 2: "pill", 4: "bar" };
  const TEMPLATES = {
    details: { "badge-details": "right" },
    condensed: { "badge-details": "right", condensed: "true" },
    picture: { "no-score": "true" },
  };

  // In this order: what names one output most surely comes first.
  const IDENTIFIERS = ["ringmark-id", "doi", "pmid", "pmcid", "arxiv-id", "handle", "nct-id", "isbn", "urn", "uri"];
  const META = [
    "citation_doi", "bepress_citation_doi", "prism.doi", "eprints.id_number", "dc.identifier", "dcterms.identifier",
    "citation_pmid", "citation_arxiv_id",
  ];

  // What a picture may be made of; whatever else a server sends is left out.
  const TAGS = words("svg g path circle ellipse rect line polyline polygon text tspan");
  const ATTRIBUTES = words(
    "id class width height viewBox preserveAspectRatio transform d points x y dx dy x1 y1 x2 y2 cx cy r rx ry fill " +
      "fill-opacity fill-rule opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin pathLength " +
      "font-size font-weight letter-spacing text-anchor textLength lengthAdjust dominant-baseline direction",
  );

  const MOST = 100; // outputs in one request
  const LONGEST = 7500; // letters of a request's query
  const LINES = 5; // of a breakdown beside a badge; condensed, three
  const NEAR = 6; // pixels between a badge and its popover
  const EDGE = 8; // pixels between a popover and the edge of the window
  const LINGER = 250; // milliseconds in which a pointer may go from the one to the other
  const OPPOSITE = { left: "right", right: "left", top: "bottom", bottom: "top" };

  const CSS = `
:host { display: inline-block; vertical-align: top; max-inline-size: 100%; }
.box { all: initial; color: inherit; display: flex; flex-wrap: wrap; align-items: center; gap: .75em; max-inline-size: 100%;
  font-family: var(--ringmark-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif);
  font-size: var(--ringmark-size, medium); line-height: 1.5; text-align: start; }
.badge { position: relative; display: block; flex: none; inline-size: var(--wide); block-size: var(--high);
  max-inline-size: 100%; color: inherit; border-radius: 999px; outline-offset: 2px; -webkit-tap-highlight-color: transparent; }
.badge:focus-visible, .more:focus-visible { outline: 3px solid var(--ringmark-link, Highlight); }
.badge::after { content: ""; position: absolute; inset: min(0px, (var(--high) - 24px) / 2) 0; }
svg { display: block; inline-size: 100%; block-size: 100%; }
.wait { box-sizing: border-box; border: 2px dotted; opacity: .35; }
.details { display: flex; flex: none; flex-direction: column; justify-content: center; align-items: start; box-sizing: border-box;
  inline-size: 14em; max-inline-size: 100%; min-block-size: 9em; font-size: .875em; }
.few { font-size: .8125em; line-height: 1.4; min-block-size: 4.2em; }
.rows { display: block; inline-size: 100%; margin: 0; padding: 0; list-style: none; }
.rows > li { display: flex; gap: .6em; justify-content: space-between; }
.label { flex: 1 1 auto; overflow-wrap: anywhere; min-inline-size: 0; }
.count { flex: none; font-variant-numeric: tabular-nums; }
.more { padding-block: .15em; color: var(--ringmark-link, inherit); text-underline-offset: .18em; }
.pop { all: initial; position: fixed; inset: auto; margin: 0; display: none; box-sizing: border-box; z-index: 2147483647;
  inline-size: max-content; max-inline-size: min(24em, calc(100vw - 16px)); max-block-size: calc(100vh - 16px);
  overflow: auto; overflow-wrap: anywhere; padding: .75em 1em; border: 1px solid var(--quiet); border-radius: .5em;
  background: var(--paper); color: var(--ink); box-shadow: 0 .25em 1.25em rgb(0 0 0 / .18);
  font-family: inherit; font-size: .875em; line-height: 1.5; }
.open { display: block; }
.head { display: block; font-weight: 600; margin-block-end: .25em; }
.pop li { padding-block: .1em; }
.sign { flex: none; inline-size: 1.6em; font-weight: 600; color: var(--colour); }
.sign::before { content: attr(data-sign); content: attr(data-sign) / ""; }
.pop .count { padding-inline-start: 1em; }
@media (prefers-reduced-motion: no-preference) {
  .open { animation: come .12s ease-out; }
  @keyframes come { from { opacity: 0; } }
}
@media (forced-colors: active) { .wait { opacity: 1; } .sign { color: CanvasText; } }
@media print { .pop { display: none; } }`;

  const script = own();
  const SERVER = server();
  const states = new WeakMap(); // of each element: what it is to show, and how far that has come
  const sheets = new Map();
  let opened = null; // the popover that is open: there is one at most

  const manual = script?.dataset.ringmark === "manual"; // the bookmarklet, which leaves the page's own badges alone
  const NAME = manual ? "ringmarkPanel" : "ringmark";
  const standing = window[NAME];
  if (typeof standing?.init === "function") {
    if (!manual) standing.init(); // a second copy of the script only looks again
    return;
  }
  if (!SERVER || !("adoptedStyleSheets" in Document.prototype)) return; // what stands in the elements stays

  // Where we are -----------------------------------------------------------------------------------------------------

  /** The element that brought this script; a module or another loader does not tell, so it is looked for. */
  function own() {
    const current = document.currentScript;
    if (current) return current;
    const scripts = [...document.querySelectorAll("script")];
    const ends = (pattern) => scripts.find((each) => pattern.test(each.src));
    return (
      scripts.find((each) => each.dataset.ringmark !== undefined) ??
      ends(/\/embed\/\d+\.\d+\.\d+\.js([?#]|$)/) ??
      ends(/\/embed\.js([?#]|$)/)
    );
  }

  function server() {
    const named = script?.dataset.ringmark ?? "";
    const from = /^https?:/.test(named) ? named : (script?.src ?? "").replace(/\/embed(\/[\w.-]+)?\.js([?#].*)?$/, "");
    return /^https?:\/\/[^/]/.test(from) ? from.replace(/\/+$/, "") : "";
  }

  // What an element asks for -----------------------------------------------------------------------------------------

  /** The embeds of a selector, of an element (itself too) or of several; of the whole page where nothing is named. */
  function found(scope) {
    const named = typeof scope === "string" ? document.querySelectorAll(scope) : scope;
    const places = named instanceof Node ? [named] : named?.[Symbol.iterator] ? [...named] : [document];
    const all = places.flatMap((place) => [
      ...(place.matches?.(EMBEDS) ? [place] : []),
      ...(place.querySelectorAll?.(EMBEDS) ?? []),
    ]);
    return [...new Set(all)];
  }

  /** A setting of an element: its attribute, else the class that stands for it where a platform drops attributes. */
  function setting(element, name) {
    const text = element.getAttribute(`data-${name}`)?.trim();
    if (text) return text;
    const classes = [...element.classList].map((each) => each.replace(/^(altmetric|ringmark)-/, ""));
    const meant = classes.find((each) => each.startsWith(`${name}-`));
    if (meant) return meant.slice(name.length + 1);
    return TEMPLATES[element.getAttribute("data-template")]?.[name] ?? (text === "" ? text : null);
  }

  function on(element, name) {
    return !/^(false|no|0)$/i.test(setting(element, name) ?? "no");
  }

  /** Without what platforms wrap around a value, or leave where there is none. */
  function tidy(text) {
    const bare = decoded((text ?? "").replace(/\s+/g, "").replace(/^Optional\[(.*)\]$/i, "$1"));
    return /^(Optional\.empty|null|none|undefined|n\/a|-)$/i.test(bare) || bare.length > 2000 ? "" : bare;
  }

  /** Some platforms encode once, some twice. */
  function decoded(text) {
    try {
      return /%(25)*(2f|3a)/i.test(text) ? decoded(decodeURIComponent(text)) : text;
    } catch {
      return text;
    }
  }

  const MEANT = {
    "ringmark-id": (value) => (/^\d+$/.test(value) ? `output:${value}` : value),
    doi: (value) => (/^\d{1,9}$/.test(value) ? `pmid:${value}` : value), // some have nowhere else to put it
    pmid: (value) => `pmid:${value}`,
    pmcid: (value) => `pmcid:${value}`,
    "arxiv-id": (value) => `arxiv:${value}`,
    handle: (value) => `handle:${value.replace(/^https?:.*\/handle\/(?=[\w.]+\/)/, "")}`,
    "nct-id": (value) => `nct:${value}`,
    isbn: (value) => `isbn:${value}`,
    urn: (value) => `urn:${value}`,
    uri: (value) => value,
  };

  function identifiers(element) {
    const several = (name) => (name === "ringmark-id" ? (setting(element, name) ?? "").split(/\s+/) : [setting(element, name)]);
    const ids = IDENTIFIERS.flatMap((name) => several(name).map(tidy).filter(Boolean).map(MEANT[name]));
    if (ids.length || setting(element, "altmetric-id")) return ids; // a number of another service is known there alone
    return setting(element, "doi") === null ? [] : told();
  }

  /** The identifiers that the page's own meta tags tell, the surest first. */
  function told() {
    const tags = [...document.querySelectorAll("meta[name],meta[property]")];
    const ids = META.flatMap((name) =>
      tags
        .filter((tag) => (tag.getAttribute("name") ?? tag.getAttribute("property")).toLowerCase() === name)
        .map((tag) => tidy(tag.content))
        .filter((text) => text && (!/identifier|number/.test(name) || /^(https?|doi|hdl|urn|info|isbn)\b|^10\./i.test(text)))
        .map((text) => (/pmid/.test(name) ? `pmid:${text}` : /arxiv/.test(name) ? `arxiv:${text}` : text)),
    );
    return [...new Set(ids)].slice(0, 5);
  }

  function wish(element) {
    const type = setting(element, "badge-type") ?? setting(element, "template") ?? "";
    const usual = element.classList.contains("ringmark-embed") ? "ring" : "bar";
    const language = setting(element, "lang") ?? element.closest("[lang]")?.lang ?? "";
    const side = setting(element, "badge-popover");
    const target = setting(element, "link-target") ?? "";
    return {
      ids: identifiers(element),
      style: Object.hasOwn(TYPES, type) ? TYPES[type] : Object.hasOwn(SIZES, type) ? type : usual,
      lang: language.toLowerCase().match(/^[a-z]{2,3}/)?.[0] ?? "",
      theme: setting(element, "theme")?.match(/^[\w-]{1,40}$/)?.[0] ?? "",
      side: Object.hasOwn(OPPOSITE, side ?? "") ? side : "",
      details: setting(element, "badge-details") === "right",
      condensed: on(element, "condensed"),
      bare: on(element, "no-score"),
      least: Number(setting(element, "hide-less-than")) || 0,
      some: on(element, "hide-no-mentions"),
      target: /^(_self|_blank|_parent|_top|[a-z][\w-]*)$/i.test(target) ? target : "",
    };
  }

  // Room, then the answer --------------------------------------------------------------------------------------------

  /** Keeps the room that an element will take. Says whether something is still to be asked for it. */
  function reserve(element) {
    const wanted = wish(element);
    const key = JSON.stringify(wanted);
    const before = states.get(element);
    if (before?.key === key) {
      if (!before.done) element.setAttribute("data-ringmark-state", "waiting"); // what could not be reached is asked again
      return !before.done;
    }
    let root = before?.root;
    try {
      root ??= element.shadowRoot ?? element.attachShadow({ mode: "open" });
    } catch {
      // a heading or a table's cell may have a shadow root, a link or a list's item may not
      root = element.appendChild(document.createElement("span")).attachShadow({ mode: "open" });
    }
    states.set(element, { key, root, wanted, done: false, display: before?.display ?? element.style.display });
    root.adoptedStyleSheets = [sheet(CSS)];
    root.replaceChildren(box(wanted, make("span", { class: "badge wait" })));
    if (before) element.style.display = states.get(element).display;
    element.setAttribute("data-ringmark-state", "waiting");
    return true;
  }

  /** Asks for all of them, in as few requests as can be, and shows each as soon as its answer is there. */
  function fill(elements) {
    const groups = new Map();
    for (const element of elements) {
      const state = states.get(element);
      state.done = true; // until it turns out that the server could not be reached
      const { style, lang, theme, ids } = state.wanted;
      const common = query({ style, lang, theme });
      const group = groups.get(common) ?? { common, elements: [], ids: new Set() };
      groups.set(common, group);
      group.elements.push([element, state]);
      ids.forEach((id) => group.ids.add(id));
    }
    return Promise.all([...groups.values()].flatMap(asked));
  }

  function asked({ common, elements, ids }) {
    const answers = new Map(); // of each identifier: the request that tells of it
    let chunk = [];
    let length = common.length;
    const send = () => {
      const reply = ask(common, chunk);
      chunk.forEach((id) => answers.set(id, reply));
      chunk = [];
      length = common.length;
    };
    for (const id of ids) {
      const more = encodeURIComponent(id).length + 4;
      if (chunk.length && (chunk.length === MOST || length + more > LONGEST)) send();
      chunk.push(id);
      length += more;
    }
    if (chunk.length) send();
    const any = answers.values().next().value ?? ask(common, []); // with nothing to ask for: the words for that
    return elements.map(async ([element, state]) => {
      const replies = await Promise.all(state.wanted.ids.length ? state.wanted.ids.map((id) => answers.get(id)) : [any]);
      if (states.get(element) !== state) return; // it asks for something else by now
      const known = state.wanted.ids.findIndex((id, place) => replies[place]?.badges.get(id));
      if (known < 0 && replies.includes(null)) return fail(element, state);
      try {
        if (known >= 0) show(element, state, replies[known], replies[known].badges.get(state.wanted.ids[known]));
        else show(element, state, replies[0], null);
      } catch {
        fail(element, state); // no answer of ours
      }
    });
  }

  /** What the server says of some identifiers; null where it cannot be reached. */
  async function ask(common, ids) {
    try {
      const address = `${SERVER}/embed/badges.json?${common}${ids.map((id) => `&id=${encodeURIComponent(id)}`).join("")}`;
      const reply = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (!reply.ok) return null;
      const answer = await reply.json();
      return { ...answer, badges: new Map(ids.map((id, place) => [id, answer.badges[place]])) };
    } catch {
      return null;
    }
  }

  function fail(element, state) {
    state.done = false;
    element.setAttribute("data-ringmark-state", "unreachable");
    tell(element, "hide", { reason: "unreachable" });
  }

  function show(element, state, answer, badge) {
    const { root, wanted } = state;
    if ((wanted.some && !badge?.mentions) || (wanted.least && (badge?.score ?? 0) < wanted.least)) {
      element.style.display = "none";
      element.setAttribute("data-ringmark-state", "hidden");
      tell(element, "hide", { reason: "few" });
      return;
    }
    const picture = answer.pictures[badge?.picture ?? answer.unknown];
    root.adoptedStyleSheets = [sheet(CSS), sheet(harmless(answer.css))];
    root.replaceChildren(badge ? shown(wanted, answer, badge, picture) : neutral(wanted, answer, picture));
    element.setAttribute("data-ringmark-state", badge ? "shown" : "unknown");
    const { score = null, title = "", links } = badge ?? {};
    tell(element, "show", { score, title, page: web(links?.page) });
  }

  function tell(element, what, detail) {
    for (const whose of ["altmetric", "ringmark"])
      element.dispatchEvent(new CustomEvent(`${whose}:${what}`, { bubbles: true, composed: true, detail }));
  }

  // Drawing ----------------------------------------------------------------------------------------------------------

  function box(wanted, badge, details = make("span"), ...more) {
    const [wide, high] = SIZES[wanted.style];
    const whole = make("span", { class: "box" }, badge);
    whole.style.setProperty("--wide", `${wide}px`);
    whole.style.setProperty("--high", `${high}px`);
    if (wanted.details) {
      details.classList.add("details", wanted.condensed ? "few" : "all");
      whole.append(details);
    }
    whole.append(...more);
    return whole;
  }

  function neutral(wanted, answer, picture) {
    const badge = make("span", { class: "badge", part: "badge", role: "img", "aria-label": answer.texts.none }, grow(picture, wanted));
    return box(wanted, badge, make("span", { "aria-hidden": "true" }, answer.texts.none)); // the picture's name says it
  }

  function shown(wanted, answer, badge, picture) {
    const { texts, dir, lang } = answer;
    const name = wanted.bare ? texts.plain : badge.name;
    const link = make("a", { class: "badge", part: "badge", "aria-label": name, ...way(badge, wanted) }, grow(picture, wanted));
    const lines = badge.families.slice(0, wanted.condensed ? 3 : LINES).map(({ label, number }) =>
      make("li", {}, make("span", { class: "label" }, label), make("span", { class: "count" }, number)),
    );
    const rows = make("ul", { class: "rows", role: "list", "aria-label": texts.sources }, ...lines);
    const details = make("span", { part: "details" }, lines.length ? rows : texts.silent);
    if (!wanted.condensed) details.append(make("a", { class: "more", ...way(badge, wanted) }, texts.see));
    const whole = box(wanted, link, details);
    if (wanted.side && badge.families.length) {
      const popover = breakdown(wanted, badge);
      link.setAttribute("aria-describedby", popover.id);
      whole.append(popover);
      attend(link, popover, wanted.side);
    }
    whole.setAttribute("lang", lang);
    whole.setAttribute("dir", dir === "rtl" ? "rtl" : "ltr");
    return whole;
  }

  function way(badge, wanted) {
    return { href: web(badge.links.page), rel: "noopener", ...(wanted.target && { target: wanted.target }) };
  }

  function breakdown(wanted, badge) {
    const lines = badge.families.map(({ name, label, text, sign }) => {
      const mark = make("span", { class: "sign", "data-sign": sign });
      if (/^[a-z]+$/.test(name)) mark.style.setProperty("--colour", `var(--${name})`);
      return make("li", {}, mark, make("span", { class: "label" }, label), " ", make("span", { class: "count" }, text));
    });
    const head = wanted.bare ? [] : [make("span", { class: "head" }, badge.heading)];
    const rows = make("ul", { class: "rows" }, ...lines);
    return make("span", { class: "pop", part: "popover", role: "tooltip", id: "breakdown" }, ...head, rows);
  }

  /** A picture out of its tree: only what a picture of ours is made of. */
  function grow([tag, attributes, ...children], wanted, depth = 0) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes))
      if (ATTRIBUTES.has(name) && !/url\s*\(/i.test(value)) made.setAttribute(name, value);
    if (!depth) made.setAttribute("aria-hidden", "true");
    for (const child of children) {
      if (typeof child === "string") made.append(child);
      else if (TAGS.has(child[0]) && depth < 9 && !(wanted.bare && /^(score|note)\b/.test(child[1].class ?? "")))
        made.append(grow(child, wanted, depth + 1));
    }
    return made;
  }

  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function sheet(css) {
    if (!sheets.has(css)) {
      const made = new CSSStyleSheet();
      made.replaceSync(css);
      sheets.set(css, made);
    }
    return sheets.get(css);
  }

  /** A style that loads nothing. */
  function harmless(css) {
    return /url\s*\(|image|@import|\\/i.test(css) ? "" : css;
  }

  function web(address) {
    return /^https?:\/\//i.test(address ?? "") ? address : "";
  }

  function query(parts) {
    return Object.entries(parts)
      .filter(([, value]) => value)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
  }

  function words(text) {
    return new Set(text.split(" "));
  }

  // The popover (WCAG 1.4.13): comes by pointer and by focus, stays while either is there, goes by Escape -------------

  function attend(link, popover, side) {
    if ("popover" in popover) popover.popover = "manual"; // above everything, cut off by nothing
    let going = 0;
    const stay = () => clearTimeout(going);
    const come = () => {
      stay();
      if (opened?.popover === popover) return;
      close();
      opened = { popover, place: () => place(link, popover, side) };
      popover.classList.add("open");
      popover.showPopover?.();
      opened.place();
    };
    const go = () => {
      stay();
      going = setTimeout(() => {
        const kept = link.matches(":hover,:focus-visible") || popover.matches(":hover");
        if (opened?.popover === popover && !kept) close();
      }, LINGER);
    };
    link.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && come());
    link.addEventListener("focus", come);
    popover.addEventListener("pointerenter", stay);
    for (const each of [link, popover]) each.addEventListener("pointerleave", go);
    link.addEventListener("blur", go);
  }

  function close() {
    if (!opened) return;
    opened.popover.classList.remove("open");
    if (opened.popover.isConnected) opened.popover.hidePopover?.();
    opened = null;
  }

  document.addEventListener("keydown", (event) => event.key === "Escape" && close(), true);
  for (const what of ["scroll", "resize"]) addEventListener(what, () => opened?.place(), { capture: true, passive: true });

  /** Beside the badge on its own side, else where there is room, and never over the edge of the window. */
  function place(link, popover, side) {
    const badge = link.getBoundingClientRect();
    const [wide, high] = [popover.offsetWidth, popover.offsetHeight];
    const across = Math.min(innerWidth, document.documentElement.clientWidth || innerWidth);
    const down = innerHeight;
    const room = {
      left: badge.left - wide,
      right: across - badge.right - wide,
      top: badge.top - high,
      bottom: down - badge.bottom - high,
    };
    const sides = [side, OPPOSITE[side], "bottom", "top", "right", "left"];
    const roomy = sides.find((each) => room[each] >= NEAR + EDGE);
    const at = roomy ?? sides.reduce((best, each) => (room[each] > room[best] ? each : best));
    let left = badge.left + (badge.width - wide) / 2;
    let top = badge.top + (badge.height - high) / 2;
    if (at === "left") left = badge.left - NEAR - wide;
    if (at === "right") left = badge.right + NEAR;
    if (at === "top") top = badge.top - NEAR - high;
    if (at === "bottom") top = badge.bottom + NEAR;
    popover.style.left = `${Math.max(EDGE, Math.min(left, across - wide - EDGE))}px`;
    popover.style.top = `${Math.max(EDGE, Math.min(top, down - high - EDGE))}px`;
  }

  // The beginning ----------------------------------------------------------------------------------------------------

  const init = (scope) => fill(found(scope).filter(reserve));
  window[NAME] = Object.freeze({ version: VERSION, server: SERVER, init, told });
  if (manual) return;
  window._altmetric_embed_init = window._ringmark_embed_init = init;
  if (document.readyState === "loading") {
    const watch = new MutationObserver(() => found().forEach(reserve)); // room is kept as the page comes in
    watch.observe(document, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", () => {
      watch.disconnect();
      init();
    });
    found().forEach(reserve);
  } else init();
})();
