/** The style sheet of the document page. */
export const style = `:root {
  color-scheme: light dark;
  --back: #fff;
  --side: #f6f7f9;
  --text: #1b1f24;
  --soft: #57606a;
  --line: #d5dae0;
  --link: #0a58ca;
  --code: #eef0f3;
  --get: #0b6b3a;
  --post: #0a4fb3;
  --put: #7a4a00;
  --delete: #a11a22;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171b;
    --side: #1a1e23;
    --text: #e4e7eb;
    --soft: #a3acb6;
    --line: #363d45;
    --link: #7cb0ff;
    --code: #23282f;
    --get: #6fd39b;
    --post: #8db8ff;
    --put: #e5b567;
    --delete: #ff9a9a;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0;
  display: grid;
  grid-template-columns: minmax(15rem, 20rem) minmax(0, 1fr);
  background: var(--back);
  color: var(--text);
  font: 1rem/1.55 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 1; padding: .5rem 1rem; background: var(--back); }
nav {
  position: sticky;
  top: 0;
  height: 100vh;
  overflow-y: auto;
  padding: 1rem;
  background: var(--side);
  border-right: 1px solid var(--line);
}
nav ul { list-style: none; margin: .75rem 0; padding: 0; }
nav li { margin: 0; }
nav li a {
  display: flex;
  gap: .6rem;
  padding: .3rem .4rem;
  color: var(--text);
  text-decoration: none;
  border-radius: 4px;
}
nav li a:hover { background: var(--code); }
nav p { margin: .25rem 0 0; color: var(--soft); font-size: .875rem; min-height: 1.4em; }
main { padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 62rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 0; font-size: 1.15rem; font-weight: 600; }
h3 { margin: 1.5rem 0 .4rem; font-size: 1rem; }
section { padding: 1.5rem 0; border-top: 1px solid var(--line); }
header { padding-bottom: 1.5rem; }
p { margin: .5rem 0; }
.soft { color: var(--soft); }
.method { flex: none; width: 4.2em; font: 600 .8rem/1.9 ui-monospace, monospace; }
h2 .method { display: inline-block; width: auto; margin-right: .75rem; font-size: 1rem; }
.get { color: var(--get); }
.post { color: var(--post); }
.put, .patch { color: var(--put); }
.delete { color: var(--delete); }
code, pre, textarea, .mono { font-family: ui-monospace, monospace; font-size: .9em; }
code { background: var(--code); padding: .1em .3em; border-radius: 3px; }
h2 code { background: none; padding: 0; font-size: 1em; }
pre { margin: .5rem 0; padding: .75rem; background: var(--code); border-radius: 4px; overflow: auto; max-height: 30rem; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child { min-width: 7rem; }
td:last-child { width: 45%; }
details { margin-top: 1rem; border: 1px solid var(--line); border-radius: 6px; }
summary { cursor: pointer; padding: .5rem .75rem; font-weight: 600; }
form, .fields { padding: 0 .75rem .75rem; }
label { display: block; margin-top: .6rem; font-size: .94rem; font-weight: 600; }
input, textarea, select {
  display: block;
  width: 100%;
  max-width: 40rem;
  padding: .4rem .5rem;
  color: var(--text);
  background: var(--back);
  border: 1px solid var(--soft);
  border-radius: 4px;
  font: inherit;
}
textarea { font-family: ui-monospace, monospace; font-size: .9rem; max-width: none; resize: vertical; }
button {
  display: block;
  margin-top: .9rem;
  padding: .45rem 1.4rem;
  color: var(--back);
  background: var(--link);
  border: 0;
  border-radius: 4px;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button[aria-busy] { opacity: .6; }
@media (max-width: 50rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 45vh; border: 0; border-bottom: 1px solid var(--line); }
  td:last-child { width: auto; }
}
@media print {
  body { display: block; }
  nav, details { display: none; }
}
`;
