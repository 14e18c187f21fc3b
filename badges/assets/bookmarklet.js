/* The panel of the bookmarklet, on whatever page it is called; the script above fills it. */
((text) => {
  "use strict";

  const NAME = "ringmark-panel";
  const DOI = /10\.\d{4,9}\/[^\s"'<>?#&]+/;
  const CSS = `
:host { all: initial; position: fixed; inset-block-start: 16px; inset-inline-end: 16px; z-index: 2147483647;
  max-inline-size: calc(100vw - 32px); }
section { box-sizing: border-box; inline-size: 25em; max-inline-size: 100%; max-block-size: calc(100vh - 32px); overflow: auto;
  padding: 1em 1.25em 1.25em; border: 1px solid #8a9099; border-radius: .75em; background: #fff; color: #16181d;
  box-shadow: 0 .5em 2em rgb(0 0 0 / .25); font: medium/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  overflow-wrap: anywhere; }
header { display: flex; gap: 1em; align-items: baseline; justify-content: space-between; margin-block-end: .5em; }
h2 { margin: 0; font-size: 1em; }
p { margin: 0 0 .75em; }
button { font: inherit; color: inherit; background: none; border: 1px solid; border-radius: .375em; min-block-size: 2em; padding: 0 .6em; cursor: pointer; }
a { color: #1a4f8b; }
:focus-visible { outline: 3px solid #1a4f8b; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  section { background: #1c2128; color: #f2f3f5; } a { color: #9cc4f5; } :focus-visible { outline-color: #9cc4f5; }
}
@media (forced-colors: active) { :focus-visible { outline-color: Highlight; } }`;

  const ringmark = window.ringmarkPanel;
  const before = document.activeElement;
  document.getElementById(NAME)?.remove();
  const ids = [...new Set([...ringmark.told(), ...data(), ...address(), ...links(), location.href])].slice(0, 12);
  const lookup = `${ringmark.server}/lookup?id=${encodeURIComponent(ids[0])}`;

  const host = make("div", { id: NAME });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  const shut = make("button", { type: "button" }, text.close);
  const title = make("p", { "aria-live": "polite" }, text.looking);
  const badge = make("div", {
    class: "ringmark-embed",
    lang: text.lang,
    "data-ringmark-id": ids.join(" "),
    "data-badge-type": "medium",
    "data-badge-details": "right",
    "data-link-target": "_blank",
  });
  const head = make("header", {}, make("h2", { id: "name" }, text.name), shut);
  const panel = make("section", { role: "dialog", "aria-labelledby": "name", lang: text.lang, dir: text.dir }, head, title, badge);
  root.append(panel);
  document.documentElement.append(host);
  shut.focus();

  shut.addEventListener("click", close);
  panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
  badge.addEventListener("ringmark:show", ({ detail }) => {
    if (detail.score === null) instead(text.unknown);
    else title.replaceChildren(make("bdi", {}, detail.title));
  });
  badge.addEventListener("ringmark:hide", () => instead(text.unreachable));
  ringmark.init(badge);

  /** Words in place of the badge, and our own page to go to. */
  function instead(why) {
    badge.remove();
    const link = make("a", { href: lookup, target: "_blank", rel: "noopener" }, text.open);
    title.replaceChildren(why, make("br"), link);
  }

  function close() {
    host.remove();
    before?.focus?.();
  }

  /** What the page's JSON-LD says of the page itself, not of what it cites. */
  function data() {
    const told = [];
    for (const each of document.querySelectorAll('script[type="application/ld+json"]')) {
      try {
        const [whole] = [JSON.parse(each.textContent)];
        for (const thing of [whole, whole["@graph"], whole.mainEntity].flat())
          for (const name of ["@id", "identifier", "doi", "sameAs", "url"])
            for (const value of [thing?.[name]].flat()) told.push(value?.value ?? value);
      } catch {
        // not ours to mend
      }
    }
    return dois(told);
  }

  function address() {
    return dois([decoded(location.href)]);
  }

  function links() {
    const found = document.querySelectorAll('link[rel~="canonical"],link[rel~="cite-as"],a[href*="doi.org/10."]');
    return dois([...found].map((each) => decoded(each.href)));
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function dois(texts) {
    return texts.flatMap((each) => (typeof each === "string" ? (DOI.exec(each)?.[0] ?? []) : []));
  }

  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }
})(TOLD);
