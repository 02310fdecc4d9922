/** Colours as on the twin's console; each outcome also differs in lightness, and parked requests in a pattern of their own. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6f4, #14171a);
  --panel: light-dark(#ffffff, #1b2024);
  --line: light-dark(#e1e4df, #2b3238);
  --text: light-dark(#1c2326, #e2e6e4);
  --quiet: light-dark(#5f696e, #98a3a7);
  --served: light-dark(#2a8fa8, #3f9fb6);
  --water: light-dark(#0a6a80, #56bdd2);
  --parked: light-dark(#e9b44c, #e5ab4b);
  --shed: light-dark(#c75d55, #b9554e);
  --failed: light-dark(#3a2030, #f3d9ff);
  --good: light-dark(#23713d, #67c587);
  --held: light-dark(#8f5500, #e5ab4b);
  --bad: light-dark(#b3312c, #f48a84);
  --band: light-dark(#f0f1ec, #22282d);
  --deep: light-dark(#e3e5df, #2b3238);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px / 1.5 system-ui, sans-serif; }
header, main { max-width: 1200px; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 1.75rem; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; align-items: center; }
h1 { margin: 0; font-size: 1.6rem; font-weight: 680; letter-spacing: -0.015em; line-height: 1.2; }
h1 span { color: var(--water); }
h2 { margin: 0 0 0.5rem; font-size: 1.05rem; font-weight: 650; }
h2 small { font-weight: 400; font-size: 0.85rem; color: var(--quiet); margin-left: 0.35rem; }
h3 { margin: 0; font-size: 0.9rem; font-weight: 600; line-height: 1.35; }
.facts { flex-basis: 100%; margin: 0; color: var(--quiet); font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.result { margin: 0; padding: 0.2rem 0.8rem 0.2rem 0.55rem; border: 1px solid currentColor; border-radius: 2rem; font-weight: 600; display: flex; gap: 0.35rem; align-items: center; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.icon { width: 1.15em; height: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
main { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 1rem; padding-top: 1.1rem; padding-bottom: 2.5rem; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.15rem 0.9rem; grid-column: 1 / -1; min-width: 0; }
.third { grid-column: span 2; }
.figures { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(14.5rem, 1fr)); gap: 0.9rem 1.5rem; }
.figures li { display: flex; gap: 0.55rem; align-items: flex-start; }
.figures .icon { margin-top: 0.1rem; }
.figures div { color: var(--text); min-width: 0; }
.figures p { margin: 0; font-size: 0.88rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figures .wanted { color: var(--quiet); }
.legends { display: flex; flex-wrap: wrap; gap: 0.2rem 2.5rem; margin-bottom: 0.6rem; }
.legend { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.85rem; }
.swatch { display: inline-block; width: 0.85em; height: 0.85em; border-radius: 2px; margin-right: 0.4em; vertical-align: -0.05em; }
.swatch.admitted { background: var(--served); }
.swatch.parked { background: var(--parked); }
.swatch.shed { background: var(--shed); }
.swatch.failed { background: var(--failed); }
figure { margin: 0; min-width: 0; }
figcaption { font-size: 0.82rem; color: var(--quiet); margin-bottom: 0.35rem; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.5rem; }
.plot, .time, .phases, .strip-row { margin-left: 3.4rem; }
.plot { position: relative; height: 130px; border-bottom: 1px solid var(--quiet); }
.tall .plot { height: 230px; }
.plot svg { display: block; width: 100%; height: 100%; }
.plot path { vector-effect: non-scaling-stroke; }
.tick { position: absolute; right: calc(100% + 0.5rem); transform: translateY(50%); font-size: 0.75rem; color: var(--quiet); white-space: nowrap; font-variant-numeric: tabular-nums; }
.rule-label { position: absolute; right: 0.3rem; font-size: 0.75rem; padding: 0 0.25rem; color: var(--text); }
.grid { stroke: var(--line); fill: none; }
.band { fill: var(--band); }
.deep { fill: var(--deep); }
.rule { stroke: var(--text); stroke-dasharray: 5 4; fill: none; }
path.admitted { fill: var(--served); }
path.parked { fill: var(--parked); }
path.shed { fill: var(--shed); }
path.failed { fill: var(--failed); }
path.p50, path.p99, path.held, path.dashed { fill: none; stroke: var(--water); stroke-width: 2; stroke-linejoin: round; }
path.p99 { stroke: var(--held); stroke-width: 1.4; }
path.held { stroke: var(--held); }
path.dashed { stroke: var(--quiet); stroke-dasharray: 5 4; stroke-width: 1.5; }
.key { display: inline-block; width: 1.3em; border-top: 3px solid var(--water); vertical-align: 0.25em; margin: 0 0.3em 0 0.6em; }
.key.p99 { border-color: var(--held); border-top-width: 2px; }
.time { position: relative; height: 1.5rem; font-size: 0.75rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.time span { position: absolute; top: 0.15rem; transform: translateX(-50%); }
.time span:first-child { transform: none; }
.phases { display: grid; font-size: 0.75rem; line-height: 1.25; color: var(--quiet); margin-bottom: 0.3rem; align-items: end; }
.phases span { border-left: 1px solid var(--line); padding: 0 0.2rem 0 0.35rem; min-width: 0; overflow-wrap: anywhere; }
.phases b, .phases i { font: inherit; }
.phases i { display: none; }
.strip-row { position: relative; margin-top: 0.5rem; }
.strip-name { position: absolute; right: calc(100% + 0.5rem); font-size: 0.75rem; line-height: 1.4rem; color: var(--quiet); }
.strip { display: grid; height: 1.4rem; border-radius: 3px; overflow: hidden; font-size: 0.75rem; line-height: 1.4rem; font-weight: 600; color: light-dark(#fff, #14171a); }
.strip span { padding-left: 0.4rem; overflow: hidden; white-space: nowrap; }
.strip span:empty { padding: 0; }
.breaker-closed { background: var(--good); }
.breaker-half-open { background: var(--held); }
.breaker-open, .breaker-forced-open { background: var(--bad); }
.breaker-disabled { background: var(--quiet); }
summary { cursor: pointer; font-weight: 650; }
.scroll { overflow-x: auto; margin-top: 0.6rem; }
table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: 0.25rem 0.6rem; text-align: right; border-top: 1px solid var(--line); white-space: nowrap; font-weight: 400; }
thead th { border-top: 0; color: var(--quiet); }
th[scope='row'], th[scope='rowgroup'], thead th:nth-child(-n + 2) { text-align: left; vertical-align: top; }
@media (max-width: 50rem) {
  header, main { padding-left: 0.75rem; padding-right: 0.75rem; }
  header { padding-top: 1rem; }
  main { gap: 0.75rem; }
  h1 { font-size: 1.35rem; }
  section { padding: 0.8rem 0.8rem 0.6rem; }
  .third { grid-column: 1 / -1; }
  .pair { grid-template-columns: minmax(0, 1fr); gap: 0.9rem; }
  .plot, .time, .phases, .strip-row { margin-left: 3rem; }
  .tall .plot { height: 190px; }
  .phases b { display: none; }
  .phases i { display: inline; }
}
`;
