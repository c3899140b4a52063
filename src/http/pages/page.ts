import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

type Html = HtmlEscapedString | Promise<HtmlEscapedString>

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --paper: #fbfaf7; --card: #fff; --line: #e4e0d8; --accent: #0a6b5d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --soft: #a3a9b2; --paper: #14181d; --card: #1c2229; --line: #2e363f; --accent: #5cc9b5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 58rem; margin: 0 auto; padding: 4rem 1.5rem 5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
p { margin: 0 0 1rem; } .lead { color: var(--soft); font-size: 1.1rem; max-width: 44rem; }
a { color: var(--accent); text-underline-offset: .2em; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: 1rem; margin: 2rem 0; padding: 0; list-style: none; }
.cards a { display: block; height: 100%; padding: 1.1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; color: inherit; text-decoration: none; }
.cards a:hover, .cards a:focus-visible { border-color: var(--accent); }
.cards strong { display: block; color: var(--accent); } .cards span { color: var(--soft); font-size: .95rem; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 40rem) { main { padding: 2rem 1.1rem 3rem; } pre { padding: .8rem .9rem; font-size: .8rem; } }
`

/** A page in one file, with its style inside. */
export function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`
}
