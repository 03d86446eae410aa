"""The style of the page, and the content policy that admits this style and nothing else."""

from __future__ import annotations

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --card: #f6f8fa;
  --good: #116329; --bad: #b3261e; --warn: #7a4d00; --info: #0550ae; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --soft: #9da7b3; --line: #3d444d;
  --card: #161b22; --good: #56d364; --bad: #ff8a80; --warn: #e3b341; --info: #79c0ff; --link: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1.05rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
pre { background: var(--back); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .75rem;
  white-space: pre-wrap; margin: .5rem 0 0; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
.soft, caption { color: var(--soft); }
.error, .bad { color: var(--bad); }
.warning { color: var(--warn); }
.info { color: var(--info); }
.good { color: var(--good); }
.mark { font-weight: 700; }
.finding { background: var(--card); border: 1px solid var(--line); border-left: .4rem solid var(--soft);
  border-radius: .4rem; padding: .75rem 1rem; margin: .75rem 0; }
.finding.error { border-left-color: var(--bad); color: var(--text); }
.finding.warning { border-left-color: var(--warn); color: var(--text); }
.finding.info { border-left-color: var(--info); color: var(--text); }
.wide { overflow-x: auto; }
.wide:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: .5rem 0 .25rem; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; min-width: 5rem; }
thead th { background: var(--card); }
tbody th { font-weight: 400; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
.picture { margin: .75rem 0; }
.lane, .lane ol, .tree, .tree ul { list-style: none; margin: 0; padding: 0; }
.lane > li { border-left: 3px solid var(--line); padding: .35rem 0 .35rem 1rem; }
.lane > li.answers { border-left-color: var(--good); }
.lane > li.bad { border-left-color: var(--bad); border-left-style: dashed; color: var(--text); }
.number { color: var(--soft); display: inline-block; min-width: 2rem; }
.pill { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem;
  margin: .2rem .4rem 0 0; font-size: .85rem; color: var(--soft); background: var(--back); }
.pill.taken { border: 2px solid var(--good); color: var(--good); font-weight: 700; }
.pill.bad { border: 2px solid var(--bad); color: var(--bad); font-weight: 700; }
.flow { display: grid; grid-template-columns: minmax(9rem, 1fr) auto minmax(9rem, 2fr) auto minmax(9rem, 2fr);
  gap: .4rem .6rem; align-items: stretch; }
.box { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .6rem; background: var(--card); }
.box.good { border: 2px solid var(--good); color: var(--text); }
.box.bad { border: 2px dashed var(--bad); color: var(--text); }
.box.none { border-style: dotted; color: var(--soft); background: var(--back); }
.box small { display: block; color: var(--soft); }
.arrow { align-self: center; color: var(--soft); }
.tree ul { margin-left: .75rem; border-left: 2px solid var(--line); padding-left: 1rem; }
.tree li { padding: .25rem 0; }
.tree .box { display: inline-block; }
.tool { margin: .75rem 0; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .75rem; font-size: .9rem; }
@media (max-width: 40rem) { body { padding: .75rem; }
  .flow { grid-template-columns: 1fr; gap: .25rem; } .flow .arrow { transform: rotate(90deg); justify-self: start;
    margin-left: 1rem; } .flow .last { margin-bottom: 1rem; } }
@media print {
  :root { color-scheme: light; --back: #fff; --text: #000; --soft: #444; --line: #999; --card: #fff; --good: #116329;
    --bad: #b3261e; --warn: #7a4d00; --info: #0550ae; --link: #000; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  .finding, .box, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .wide { overflow: visible; }
  .recording { display: none; }
  details:not([open])::details-content { content-visibility: visible; block-size: auto; }
}
"""


def policy() -> str:
    """The content policy: nothing is loaded, run or sent; the one style is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
