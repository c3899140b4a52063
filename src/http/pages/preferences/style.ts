/** The style of the pages that contacts see. Their policy allows no other. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #4d5866; --paper: #fbfaf7; --card: #fff; --line: #8a8f98; --accent: #0a6b5d; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --soft: #b4bac3; --paper: #14181d; --card: #1c2229; --line: #7d8794; --accent: #5cc9b5; --on-accent: #0b1512; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
main { max-width: 38rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
p { margin: 0 0 1rem; } .soft { color: var(--soft); }
fieldset { margin: 0 0 1rem; padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; min-width: 0; }
/* Inside of the border: names of topics may take several lines. */
legend { float: left; width: 100%; padding: 0; font-weight: 600; }
legend + * { clear: both; }
label:has(:disabled) { color: var(--soft); } :disabled { opacity: .5; }
label { display: flex; align-items: center; gap: .65rem; min-height: 2.75rem; }
input { width: 1.25rem; height: 1.25rem; flex: none; margin: 0; accent-color: var(--accent); }
.note { border-left: .25rem solid var(--accent); padding: .5rem .9rem; background: var(--card); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.25rem; border: 2px solid var(--accent); border-radius: .6rem; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.second { background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
`
