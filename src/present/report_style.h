// The style and the one script of a report's page. The page's policy names the script by its hash,
// so that no other can run; tests/e2e_report.py checks the hash.
#pragma once

#include <string_view>

namespace dimout::present {

inline constexpr std::string_view kReportScript =
    R"(for(const t of document.querySelectorAll("time[data-reader]")){try{t.textContent=new Intl.DateTimeFormat(document.documentElement.lang,{dateStyle:"full",timeStyle:"long",numberingSystem:document.documentElement.dataset.digits}).format(new Date(t.dateTime))}catch{}})";
/// SHA-256 of the script, in base64.
inline constexpr std::string_view kReportScriptHash = "uIWgOwltWDqn7YpEQ0Kcs+tDyYWYG/xo0zyPlKXbT18=";

inline constexpr std::string_view kReportStyle = R"(
:root{color-scheme:light dark;--ink:#1a1c20;--soft:#4b5058;--paper:#fff;--edge:#c9ced6;--panel:#f3f5f8;--line:#0b4f9e;--dark:#c3392b;--unstable:#d98a00;--partial:#6b7fbf;--gap:#d4d6da;--hatch:#80858d}
@media (prefers-color-scheme:dark){:root{--ink:#e9ebef;--soft:#b4bac4;--paper:#14171c;--edge:#454b55;--panel:#1f242b;--line:#7db8ff;--dark:#ff6b5c;--unstable:#f0ad35;--partial:#93a6e8;--gap:#3a3f47;--hatch:#8a919b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,"Noto Sans","Noto Sans Arabic",sans-serif}
main{max-width:50rem;margin:0 auto;padding:1rem}
h1{font-size:1.35rem;line-height:1.3}h2{font-size:1.2rem;margin-top:2rem;border-block-end:1px solid var(--edge)}h3{font-size:1.05rem;margin-top:1.5rem}h4{font-size:1rem;margin:.6rem 0 .2rem}
.headline{font-size:1.25rem;line-height:1.45;font-weight:600}
.verdict{padding:.6rem .8rem;background:var(--panel);border-inline-start:4px solid var(--line)}
.warning{padding:.5rem .8rem;border:2px solid var(--unstable);font-weight:600}
.note,footer,figcaption{color:var(--soft);font-size:.92rem}
figure{margin:1rem 0}svg{display:block;width:100%;height:auto}figure>svg{direction:ltr}svg text{fill:var(--ink);font-size:13px}@media (max-width:37rem){svg text{font-size:20px}}
.axis{fill:none;stroke:var(--soft)}.line{fill:var(--line);stroke:var(--line);stroke-width:1.6;stroke-linejoin:round}
.phase{opacity:.28}.dark{fill:var(--dark)}.unstable{fill:var(--unstable);opacity:.2}.degraded{fill:var(--unstable);opacity:.35}.partial{fill:var(--partial)}
.gap-ground{fill:var(--gap)}.gap-hatch{stroke:var(--hatch)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;padding:0;margin:.3rem 0;font-size:.92rem}.legend svg{display:inline-block;width:1.4rem;height:.8rem;margin-inline-end:.4rem;border:1px solid var(--edge)}
.scroll{overflow-x:auto}table{border-collapse:collapse;margin:.6rem 0;font-size:.92rem}caption{text-align:start;color:var(--soft)}th,td{border:1px solid var(--edge);padding:.3rem .5rem;text-align:start;vertical-align:top}th{background:var(--panel)}
details{margin:.4rem 0;border:1px solid var(--edge);border-radius:.3rem;padding:.3rem .7rem}summary{cursor:pointer;font-weight:600;padding:.2rem 0}
pre{direction:ltr;text-align:left;background:var(--panel);padding:.7rem;overflow-x:auto;font-size:.85rem}
:focus-visible{outline:3px solid var(--line);outline-offset:2px}
footer{border-block-start:1px solid var(--edge);margin-top:2rem;padding-block:1rem;overflow-wrap:anywhere}
p,li,summary{overflow-wrap:anywhere}td,th{overflow-wrap:break-word}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--edge:#999;--panel:#f2f2f2;--line:#0b4f9e;--dark:#c3392b;--unstable:#d98a00;--gap:#d4d6da;--hatch:#80858d}main{max-width:none;padding:0}body{font-size:10pt}figure,tr,li{break-inside:avoid}h2,h3,h4,summary{break-after:avoid}pre{white-space:pre-wrap}*{print-color-adjust:exact}.scroll{overflow:visible}details:not(figure + details)::details-content{content-visibility:visible;height:auto}}@page{margin:1.6cm}
)";

}  // namespace dimout::present
