/** The page's only style sheet. Colours are in pairs for light and dark; nothing is told by colour alone. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2128; --dim: #5b6470; --page: #f6f7f9; --card: #ffffff; --line: #d9dde3;
  --ok: #cfe8d5; --ok-ink: #14532d; --changed: #fbe3a6; --changed-ink: #653c00; --failed: #f9c9c5; --failed-ink: #8c1311;
  --band: #e7ebf2; --add: #e3f5e7; --del: #fde7e5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --dim: #9aa4b2; --page: #14171c; --card: #1c2027; --line: #353c47;
    --ok: #1d4a2c; --ok-ink: #b6e8c3; --changed: #5c4300; --changed-ink: #ffdf90; --failed: #6d1f1c; --failed-ink: #ffcdc8;
    --band: #272d37; --add: #16351f; --del: #431d1b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main, header { max-width: 1200px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 32px 0 8px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
.when { color: var(--dim); margin: 0 0 16px; }
.verdict { margin: 0 0 16px; padding: 10px 14px; border-radius: 8px; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(96px, 1fr)); gap: 8px; margin: 0; padding: 0; }
.tiles li { list-style: none; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
.tiles b { display: block; font-size: 22px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--dim); font-size: 13px; }
.ok { background: var(--ok); color: var(--ok-ink); }
.changed { background: var(--changed); color: var(--changed-ink); }
.failed { background: var(--failed); color: var(--failed-ink); }
.chart, article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; }
.chart ol { list-style: none; margin: 0; padding: 0; position: relative; }
.plays { height: 24px; }
.plays li, .bars li { position: absolute; top: 0; bottom: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-size: 12px; }
.plays li { background: var(--band); border-left: 2px solid var(--card); line-height: 24px; }
.plays span, .bars span { padding: 0 5px; }
.lane { display: grid; grid-template-columns: 1fr; margin-top: 6px; }
.lane h3 { font-size: 13px; font-weight: 600; }
.bars { height: 24px; background: linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat; }
.bars li { container-type: inline-size; min-width: 3px; border-radius: 3px; line-height: 22px; border: 1px solid var(--card); }
.axis { height: 18px; margin-top: 4px; color: var(--dim); font-size: 12px; }
.axis li { position: absolute; border-left: 1px solid var(--line); padding-left: 4px; white-space: nowrap; }
.legend { font-size: 13px; margin: 8px 0 0; }
.key { padding: 2px 8px; border-radius: 4px; white-space: nowrap; }
article + article { margin-top: 8px; }
.failure { border-left: 4px solid var(--failed-ink); }
dl { display: grid; grid-template-columns: 44px minmax(0, 1fr); gap: 4px 8px; margin: 8px 0 0; }
dt { color: var(--dim); }
dd { margin: 0; }
pre { margin: 0; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.role ul, .notes { margin: 6px 0 0; padding: 0; list-style: none; }
.role li { padding: 4px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
summary { cursor: pointer; }
.words { color: var(--dim); }
.host { display: inline-block; max-width: 100%; overflow-wrap: anywhere; font-size: 13px; background: var(--band); border-radius: 4px; padding: 1px 6px; }
.diff { margin-top: 6px; padding: 8px; background: var(--page); border-radius: 6px; white-space: pre; overflow-x: auto; }
.diff code { font: inherit; }
.diff code, .diff span { display: inline-block; min-width: 100%; }
.add { background: var(--add); }
.del { background: var(--del); }
.at { color: var(--dim); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 12px; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
thead th { border: 0; color: var(--dim); font-weight: 500; font-size: 13px; }
th:first-child { text-align: left; }
tbody th { font-weight: 600; white-space: normal; overflow-wrap: anywhere; min-width: 120px; }
tr.ok, tr.changed, tr.failed { background: none; color: inherit; }
tr.changed th { color: var(--changed-ink); }
tr.failed th { color: var(--failed-ink); }
footer { max-width: 1200px; margin: 24px auto; padding: 0 16px; color: var(--dim); font-size: 13px; }
/* A splinter of a word says less than none; the bar's title has it all. */
@container (max-width: 22px) { .bars span { display: none; } }
@media (max-width: 500px) { th, td { padding: 5px 7px; font-size: 13px; } }
@media (min-width: 700px) {
  .lane { grid-template-columns: 140px minmax(0, 1fr); align-items: center; margin-top: 4px; }
  .plays, .axis { margin-left: 140px !important; }
}
`;
